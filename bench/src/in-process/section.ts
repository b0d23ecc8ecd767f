import { median } from '../quantile.ts'
import { askOnce } from '../worker/start-worker.ts'
import type { BenchOptions, Section, Table } from '../section.ts'
import type { Cost, Work } from './operation.ts'

const program = new URL('worker.ts', import.meta.url)

/** Measures the work for a request, step by step, in a process without a server. */
export const inProcess: Section = {
  name: 'in-process',
  title: 'In process',

  async run(options: BenchOptions, report: (line: string) => void): Promise<readonly Table[]> {
    const { quick, runs, only, scenarios } = options
    const work = { only, scenarios, milliseconds: quick ? 4 : 15 }
    report('CPU time')
    const times = await costs({ ...work, measure: 'time', rounds: runs ?? (quick ? 5 : 15) })
    report('bytes allocated')
    const allocations = await costs({ ...work, measure: 'bytes', rounds: quick ? 3 : 7 }, [
      '--expose-gc',
      // In megabytes, so large that no garbage is collected during a round.
      '--min-semi-space-size=128',
      '--max-semi-space-size=128',
    ])
    return tables(times, allocations)
  },
}

const costs = (work: Work, flags?: readonly string[]): Promise<readonly Cost[]> =>
  askOnce(program, work, flags)

function tables(times: readonly Cost[], allocations: readonly Cost[]): readonly Table[] {
  const groups = [...new Set(times.map(({ group }) => group))]
  return groups.map((group) => ({
    title: group,
    columns: ['operation', 'by', 'ns', 'min–max', 'bytes'],
    rows: times.flatMap((cost, index) => {
      if (cost.group !== group) return []
      const { name, by, rounds } = cost
      const range = `${Math.round(Math.min(...rounds))}–${Math.round(Math.max(...rounds))}`
      const bytes = median(allocations[index]?.rounds ?? [])
      return [[name, by, Math.round(median(rounds)), range, Math.round(bytes)]]
    }),
  }))
}
