import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node'

/** The test files that run the adapter suite. */
const SUITES = /\/adapters\/[^/]+\/test\/(?:reference-app|runtimes)\.test\.ts$/

interface Cell {
  passed: number
  failed: number
}

/** Prints the results of the adapter suite after the run, in a line for each framework and runtime. */
export default class AdapterTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const cells = new Map<string, Cell>()
    for (const module of modules.filter(({ moduleId }) => SUITES.test(moduleId))) {
      for (const test of module.children.allTests()) count(cells, test)
    }
    if (cells.size === 0) return
    const width = Math.max(...[...cells.keys()].map((name) => name.length))
    const lines = [...cells].map(([name, { passed, failed }]) => {
      const result = failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} FAILED`
      return `  ${name.padEnd(width)}  ${result}`
    })
    console.log(
      `\nThe adapter suite on Node ${process.versions.node}:\n${lines.toSorted().join('\n')}\n`,
    )
  }
}

function count(cells: Map<string, Cell>, test: TestCase): void {
  const name = cellOf(test)
  const { state } = test.result()
  if (name === undefined || state === 'pending' || state === 'skipped') return
  const cell = cells.get(name) ?? { passed: 0, failed: 0 }
  cells.set(name, cell)
  cell[state] += 1
}

/** The name passed to `describeAdapter`, with its parents: `hono over memory`. */
function cellOf(test: TestCase): string | undefined {
  const names: string[] = []
  for (let at: TestSuite | TestModule = test.parent; at.type === 'suite'; at = at.parent) {
    names.unshift(at.name)
  }
  const end = names.findIndex((name) => /(^| )over \S/.test(name))
  return end === -1 ? undefined : names.slice(0, end + 1).join(' ')
}
