import type { FrameworkName } from '../contenders/contender.ts'
import type { Table } from '../section.ts'
import {
  compare,
  isMissedByFloor,
  LIMITS,
  missedBy,
  shareOf,
  type Comparison,
  type Mark,
} from './own-cost.ts'
import { floorTable } from './floor-table.ts'
import { addedOf, microsOf, resultOf, type Results } from './results.ts'
import { scenarios } from './scenarios.ts'
import { inMicros, signed } from './tables.ts'

const NONE = '–'

/** What is to hold, and whether it does. */
export const goalTables = (results: Results): readonly Table[] =>
  [ownCostTable, floorTable, adapterTable, sealTable]
    .map((tableOf) => tableOf(results))
    .filter(({ rows }) => rows.length > 0)

const titles: Readonly<Record<Mark, string>> = {
  minimum: 'by hand',
  peer: 'the best peer',
  expressSession: 'express-session',
}

function ownCostTable(results: Results): Table {
  return {
    title: 'Own cost',
    note: `Microseconds of CPU for each request, beside the bare client on the same framework, or beside the framework where there is no client. In brackets ours as a share of it, which is to be at most ${LIMITS.minimum} of what is written by hand, ${LIMITS.peer} of the best peer’s on the same framework, and ${LIMITS.expressSession} of express-session’s there. node-redis counts as its cheapest setting does, for everybody. Floor: what the bare client takes more for the commands of our engine, which compare before they set, than for plain ones, and its share of ours. “But for the floor” says that the limit would be met if these cost the same.`,
    columns: [
      'On',
      'Store',
      'Scenario',
      'Ours',
      'Floor',
      'By hand',
      'Best peer',
      'express-session',
      'Holds',
    ],
    rows: compare(results).map((comparison) => {
      const { contender, scenario, own } = comparison
      return [
        contender.framework,
        contender.store,
        scenarios.find(({ name }) => name === scenario)?.title ?? scenario,
        inMicros(own),
        floorCell(comparison),
        markCell(comparison, 'minimum'),
        markCell(comparison, 'peer'),
        markCell(comparison, 'expressSession'),
        verdict(comparison),
      ]
    }),
  }
}

function floorCell({ own, floor }: Comparison): string {
  if (floor === undefined) return NONE
  return `${inMicros(floor)} (${own > 0 && floor > 0 ? (floor / own).toFixed(2) : NONE})`
}

function verdict(comparison: Comparison): string {
  const missed = missedBy(comparison).map(
    (mark) => titles[mark] + (isMissedByFloor(comparison, mark) ? ', but for the floor' : ''),
  )
  return missed.length === 0 ? 'yes' : `no: ${missed.join('; ')}`
}

function markCell(comparison: Comparison, mark: Mark): string {
  const other = comparison.others[mark]
  const share = shareOf(comparison, mark)
  if (other === undefined) return NONE
  return `${inMicros(other.micros)} (${share?.toFixed(2) ?? NONE})`
}

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
  const scale = bare === undefined ? 1 : microsOf(bare) / BARE
  const rows = goals.flatMap(([framework, untouched, read]) => {
    const limits = [untouched, untouched, read].map((limit) => limit * scale)
    const values = ['untouched', 'untouched-with-cookie', 'read'].map((scenario) => {
      const result = resultOf(results, `sessions/${framework}/memory`, scenario)
      return result === undefined ? undefined : addedOf(result)
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
    return [[name, ...values.map((value) => (value === undefined ? NONE : signed(addedOf(value))))]]
  })
  return {
    title: 'Encrypted cookies',
    note: 'Microseconds of CPU added to the bare framework. Ours should be no dearer than the fastest peer.',
    columns: ['Contender', ...columns],
    rows,
  }
}
