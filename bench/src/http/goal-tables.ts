import type { FrameworkName } from '../contenders/contender.ts'
import type { Table } from '../section.ts'
import { floorTable } from './floor-table.ts'
import { ownCostTable } from './own-cost-table.ts'
import { addedOf, costOf, resultOf, type Results } from './results.ts'
import { inMicros, NONE, signed } from './tables.ts'

/** What is to hold, and whether it does. */
export const goalTables = (results: Results): readonly Table[] =>
  [ownCostTable, floorTable, adapterTable, sealTable]
    .map((tableOf) => tableOf(results))
    .filter(({ rows }) => rows.length > 0)

const goals: readonly (readonly [FrameworkName, untouched: number, read: number])[] = [
  ['http', 2, 10],
  ['koa', 2, 10],
  ['hono', 2, 10],
  ['express', 4, 20],
  ['nest', 4, 20],
  ['nest-fastify', 4, 20],
]

/** What the bare server costs on the machine for which the goals were set, in microseconds. */
const BARE = 12

function adapterTable(results: Results): Table {
  const bare = resultOf(results, 'bare/http', results.all[0]?.scenario ?? '')
  const scale = bare === undefined ? 1 : costOf(bare).micros / BARE
  const rows = goals.flatMap(([framework, untouched, read]) => {
    const limits = [untouched, untouched, read].map((limit) => limit * scale)
    const values = ['untouched', 'untouched-with-cookie', 'read'].map((scenario) => {
      const result = resultOf(results, `sessions/${framework}/memory`, scenario)
      return result === undefined ? undefined : addedOf(result).micros
    })
    if (values.every((value) => value === undefined)) return []
    const cells = values.map((value, index) =>
      value === undefined ? NONE : `${signed(value)} (${inMicros(limits[index])})`,
    )
    const holds = values.every((value, index) => (value ?? 0) <= (limits[index] ?? 0))
    return [[framework, ...cells, holds ? 'yes' : 'no']]
  })
  return {
    title: 'Adapters',
    note: `Microseconds of CPU that this library adds to a request over the memory engine; in brackets the most that it should, for a machine on which the bare server costs what it does here: 2 and 10, on Express and Nest 4 and 20, where that is ${BARE}.`,
    columns: ['On', 'untouched', 'untouched, with a cookie', 'read', 'Holds'],
    rows,
  }
}

function sealTable(results: Results): Table {
  const contenders = [
    'sessions/http/encrypted-cookie',
    'minimum/http/encrypted-cookie',
    '@fastify/secure-session/fastify/encrypted-cookie',
    'iron-session/http/encrypted-cookie',
  ]
  const columns = ['read', 'change', 'first-visit']
  const rows = contenders.flatMap((name) => {
    const values = columns.map((scenario) => resultOf(results, name, scenario))
    if (values.every((value) => value === undefined)) return []
    return [
      [
        name,
        ...values.map((value) => (value === undefined ? NONE : signed(addedOf(value).micros))),
      ],
    ]
  })
  return {
    title: 'Encrypted cookies',
    note: 'Microseconds of CPU added to the bare framework. Ours should be no dearer than the fastest peer.',
    columns: ['Contender', ...columns],
    rows,
  }
}
