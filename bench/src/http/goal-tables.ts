import type { FrameworkName } from '../contenders/contender.ts'
import type { Table } from '../section.ts'
import { floorTable } from './floor-table.ts'
import { ownCostTable } from './own-cost-table.ts'
import { addedOf, costOf, resultOf, type Results } from './results.ts'
import { inMicros, NONE, signed } from './tables.ts'

/** The tables that compare this library's costs with the limits set for them. */
export const goalTables = (results: Results): readonly Table[] =>
  [ownCostTable, floorTable, adapterTable, sealTable]
    .map((tableOf) => tableOf(results))
    .filter(({ rows }) => rows.length > 0)

/** Limits of what the adapters add over the memory engine, in microseconds on the reference machine. */
const goals: readonly (readonly [FrameworkName, untouched: number, read: number])[] = [
  ['http', 2, 10],
  ['koa', 2, 10],
  ['hono', 2, 10],
  ['express', 4, 20],
  ['nest', 4, 20],
  ['nest-fastify', 4, 20],
]

/** Microseconds that a bare `node:http` request takes on the reference machine. */
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
    const isWithin = values.every((value, index) => (value ?? 0) <= (limits[index] ?? 0))
    return [[framework, ...cells, isWithin ? 'yes' : 'no']]
  })
  return {
    title: 'Adapters',
    note: `Microseconds of CPU that this library adds to a request over the memory engine. In brackets the limits: 2 for an untouched session and 10 for a read, on Express and Nest 4 and 20, scaled from a machine on which a bare \`node:http\` request takes ${BARE} to this one.`,
    columns: ['On', 'untouched', 'untouched, with a cookie', 'read', 'Within limits'],
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
    note: 'Microseconds of CPU added to the bare framework. Ours should cost no more than the fastest peer.',
    columns: ['Contender', ...columns],
    rows,
  }
}
