/* Measures in a process of its own, which says nothing but the costs: `worker.ts <work as JSON>`. */
import { isWanted } from '../section.ts'
import { bytes } from './bytes.ts'
import type { Work } from './operation.ts'
import { operations } from './operations/operations.ts'
import { time } from './time.ts'

const { measure, rounds, milliseconds, only, scenarios } = JSON.parse(
  process.argv[2] ?? '{}',
) as Work

const wanted = (await operations()).filter(
  ({ group, name, by }) => isWanted(by, only) && isWanted(`${group}: ${name}`, scenarios),
)
const costs =
  measure === 'time' ? await time(wanted, rounds, milliseconds) : await bytes(wanted, rounds)
process.stdout.write(JSON.stringify(costs))
// What takes part may have left something running.
process.exit(0)
