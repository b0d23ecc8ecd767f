import type { FrameworkName, StoreName } from '../contenders/contender.ts'
import type { Table } from '../section.ts'
import { commandFloor, extraOf, headerFloor, type Floor } from './floor.ts'
import { addedOf, type Results } from './results.ts'
import { scenarios } from './scenarios.ts'
import { signed, spreadOf } from './tables.ts'

const stores: readonly StoreName[] = ['redis', 'redis:ioredis', 'postgres', 'sqlite']

const frameworks: readonly FrameworkName[] = [
  'http',
  'express',
  'koa',
  'hono',
  'nest',
  'nest-fastify',
]

/** What this library does beyond others, and what that costs however it is implemented. */
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
    note: 'Microseconds of CPU added to the bare framework by the least that works, and by what is required of us, in both cases without any of our code. Commands: plain ones, and those of our engine, all sent by the bare client. Headers: Set-Cookie alone, and Set-Cookie with `Vary: Cookie` and `Cache-Control: no-cache="Set-Cookie"`, set by the cheapest calls that the framework has. ± as above.',
    columns: ['What', 'On', 'Least', 'Required of us', 'Difference'],
    rows: [...commands, ...headers],
  }
}

function rowOf(what: string, on: string, floor: Floor | undefined): string[][] {
  if (floor === undefined) return []
  const [least, required] = [addedOf(floor.least), addedOf(floor.required)]
  const figure = extraOf(floor)
  const extra = `${signed(figure.micros)}${spreadOf(figure)}`
  return [[what, on, signed(least.micros), signed(required.micros), extra]]
}
