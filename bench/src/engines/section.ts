import { fork } from 'node:child_process'
import { once } from 'node:events'
import { compiled } from '../compile.ts'
import { openPlaces } from '../contenders/open-places.ts'
import { leaveACore, takeAllCores, takeTheCore } from '../http/cores.ts'
import { isWanted, type Section, type Table } from '../section.ts'
import type { PairCost } from './pair.ts'
import { targets } from './targets.ts'

/** The store of a target that is not called after it. */
const STORES: Readonly<Record<string, string>> = { 'cached-db': 'redis', 'redis:floor': 'redis' }

/** Left out by `--quick`: to start their servers takes longer than to measure all the others. */
const SLOW_TO_START: readonly string[] = ['postgres', 'mysql']

/** What an engine costs beside the bare client of its store. */
export const engines: Section = {
  name: 'engines',
  title: 'Engines beside bare clients',

  async run({ quick, only, runs }, report): Promise<readonly Table[]> {
    const names = Object.keys(targets).filter((name) =>
      only.length > 0 ? isWanted(name, only) : !(quick && SLOW_TO_START.includes(name)),
    )
    const rounds = String(runs ?? (quick ? 3 : 9))
    const stores = names.map((name) => STORES[name] ?? name)
    const program = await compiled(new URL('program.ts', import.meta.url))
    leaveACore()
    const { places, close } = await openPlaces(stores)
    try {
      const rows: (string | number)[][] = []
      for (const name of names) {
        report(name)
        const child = fork(program, [name, JSON.stringify(places), rounds])
        takeTheCore(child.pid ?? 0)
        const failed = once(child, 'exit').then(() => {
          throw new Error(`The engine ${name} could not be measured.`)
        })
        const [costs] = (await Promise.race([once(child, 'message'), failed])) as [PairCost[]]
        failed.catch(() => undefined)
        child.disconnect()
        rows.push(...costs.map((cost) => rowOf(name, cost)))
      }
      return [
        {
          title: 'CPU time for each call',
          note: 'Microseconds, 64 calls under way at once, a payload of 500 bytes, both in turns in one process. In brackets how many times the bare one’s an engine’s should be at most. An engine’s save is a compare-and-set, the bare one is not.',
          columns: ['Store', 'Job', 'Beside', 'Bare', 'Engine', 'Ratio', 'Holds'],
          rows,
        },
      ]
    } finally {
      await close()
      takeAllCores()
    }
  },
}

const rowOf = (store: string, { job, by, bare, engine, ratio, limit }: PairCost): string[] => [
  store,
  job,
  by,
  bare.toFixed(1),
  engine.toFixed(1),
  `${ratio.toFixed(2)} (${limit})`,
  ratio <= limit ? 'yes' : 'no',
]
