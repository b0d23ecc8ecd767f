/*
 * Measures one engine and sends the costs to the parent process: `program.ts <target> <places> <rounds>`.
 */
import type { Places } from '../contenders/places.ts'
import { costOf, type PairCost } from './pair.ts'
import { targets } from './targets.ts'

const [name = '', places = '{}', rounds = '1'] = process.argv.slice(2)

process.on('disconnect', () => process.exit())

const costs: PairCost[] = []
for (const pair of (await targets[name]?.(JSON.parse(places) as Places)) ?? []) {
  costs.push(await costOf(pair, Number(rounds)))
}
process.send?.(costs)
