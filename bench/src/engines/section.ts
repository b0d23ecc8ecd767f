import { fork } from 'node:child_process'
import { once } from 'node:events'
import { compiled } from '../compile.ts'
import { openPlaces } from '../contenders/open-places.ts'
import { leaveACore, takeAllCores, takeTheCore } from '../http/cores.ts'
import { isWanted, type Section, type Table } from '../section.ts'
import type { PairCost } from './pair.ts'
import { targets } from './targets.ts'

/** The stores of targets that are not named after their store. */
const STORES: Readonly<Record<string, string>> = { 'cached-db': 'redis', 'redis:floor': 'redis' }

/** Left out by `--quick`: starting their servers takes longer than measuring all other engines. */
const SLOW_TO_START: readonly string[] = ['postgres', 'mysql']

/** Compares each engine with the bare client of its store. */
export const engines: Section = {
  name: 'engines',
  title: 'Engines compared with bare clients',

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
          throw new Error(`The process that measures ${name} exited; its error is above.`)
        })
        const [costs] = (await Promise.race([once(child, 'message'), failed])) as [PairCost[]]
        failed.catch(() => undefined)
        child.disconnect()
        rows.push(...costs.map((cost) => rowOf(name, cost)))
      }
      return [
        {
          title: 'CPU time for each call',
          note: 'Microseconds, with 64 calls in flight and a payload of 500 bytes; engine and bare client take turns in one process. In brackets, the limit for the ratio of their costs. An engine’s save is a compare-and-set, the bare client’s is not.',
          columns: ['Store', 'Job', 'Bare client', 'Bare', 'Engine', 'Ratio', 'Within limits'],
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
