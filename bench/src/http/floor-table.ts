import type { FrameworkName, StoreName } from '../contenders/contender.ts'
import type { Table } from '../section.ts'
import { commandFloor, headerFloor, moreOf, type Floor } from './floor.ts'
import { addedOf, type Results } from './results.ts'
import { scenarios } from './scenarios.ts'
import { inMicros, signed } from './tables.ts'

const stores: readonly StoreName[] = ['redis', 'redis:ioredis', 'postgres', 'sqlite']

const frameworks: readonly FrameworkName[] = [
  'http',
  'express',
  'koa',
  'hono',
  'nest',
  'nest-fastify',
]

/** What is asked of our engines and adapters, and costs more, however it is written, than what others do. */
export function floorTable(results: Results): Table {
  const commands = stores.flatMap((store) =>
    scenarios.flatMap(({ name, title }) =>
      rowOf(`commands, ${title}`, store, commandFloor(results, store, name)),
    ),
  )
  const headers = frameworks.flatMap((framework) =>
    rowOf('headers', framework, headerFloor(results, framework)),
  )
  return {
    title: 'Floors',
    note: 'Microseconds of CPU added to the bare framework by the least that can be done, and by what is asked of us, with nothing of ours around it. Commands: those of our engine, given again by the bare client, beside its plain ones. Headers of a response that sends a cookie: `Vary: Cookie` and `Cache-Control: no-cache="Set-Cookie"` beside Set-Cookie, by the cheapest calls that the framework has. ± as above.',
    columns: ['Of', 'On', 'Least', 'Asked of us', 'More'],
    rows: [...commands, ...headers],
  }
}

function rowOf(of: string, on: string, floor: Floor | undefined): string[][] {
  if (floor === undefined) return []
  const [least, asked] = [addedOf(floor.least), addedOf(floor.asked)]
  const { micros, spread } = moreOf(floor)
  const more = `${signed(micros)} ±${inMicros(spread)}`
  return [[of, on, signed(least.micros), signed(asked.micros), more]]
}
