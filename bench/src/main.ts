/*
 * Measures what a session costs: `npm run bench -- --quick --only express,memory --out results`. Prints the results as
 * Markdown; with `--out`, also writes them to that folder as Markdown and JSON.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeMachine } from './machine.ts'
import { parseOptions, usage, type Options } from './options.ts'
import { toJson, toMarkdown, type SectionResult } from './report.ts'
import type { Table } from './section.ts'
import { sections } from './sections.ts'

async function main({ names, out, ...options }: Options): Promise<void> {
  const results: SectionResult[] = []
  for (const name of names) {
    const section = await sections[name]?.()
    if (section === undefined) continue
    const start = performance.now()
    const report = (line: string): void => console.error(`${name}: ${line}`)
    const tables = await section
      .run(options, report)
      .catch((error: unknown) => failed(error, report))
    results.push({
      name,
      title: section.title,
      seconds: Math.round((performance.now() - start) / 1000),
      tables,
    })
  }
  const run = { machine: describeMachine(), results }
  console.log(toMarkdown(run))
  if (out === undefined) return
  mkdirSync(out, { recursive: true })
  writeFileSync(join(out, 'results.md'), toMarkdown(run))
  writeFileSync(join(out, 'results.json'), toJson(run))
}

/** Reports the error and stands in for the section's tables: the results of other sections stay valid. */
function failed(error: unknown, report: (line: string) => void): readonly Table[] {
  report(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exitCode = 1
  return [{ title: 'Not measured', columns: ['Reason'], rows: [[String(error)]] }]
}

// Servers and temporary folders are cleaned up on 'exit', which Node does not emit when a signal kills it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(130))
}

try {
  await main(parseOptions(process.argv.slice(2), Object.keys(sections)))
} catch (error) {
  const { message, code } = error as Error & { code?: string }
  console.error(code?.startsWith('ERR_PARSE_ARGS') === true ? `${message}\n${usage}` : error)
  process.exitCode = 2
}
