import type { Table } from '../section.ts'
import {
  compare,
  LIMITS,
  missedBy,
  shareOf,
  type Comparison,
  type Mark,
  type Reason,
} from './own-cost.ts'
import type { Figure, Results } from './results.ts'
import { scenarioNamed } from './scenarios.ts'
import { inMicros, NONE, spreadOf } from './tables.ts'

/** What our sessions cost by themselves, next to others, and whether they are within the limits. */
export function ownCostTable(results: Results): Table {
  return {
    title: 'Own cost',
    note: [
      'Microseconds of CPU per request on top of the bare client on the same framework, or on top of the bare framework where there is no client: the mean over the server processes, ± half the difference between the cheapest and the most expensive. With node-redis, the bare client is always the one without a timer for each command, its cheapest setting, for us and for others.',
      `In brackets, our cost as a share of the other’s. It should be at most ${LIMITS.minimum} of the handwritten session’s, ${LIMITS.peer} of the best peer’s and ${LIMITS.expressSession} of express-session’s, on the same framework and over the same store. Figures are compared with these limits as measured, with no allowance for their variation.`,
      'Floor: the extra cost of what is required of us and not of others, measured without any of our code, and in brackets its share of our cost. It consists of the commands of our engine, which compare before they set, and, where a cookie is sent, the headers that go with it. “(floor)”: without the floor, we would be within the limit. “(out of reach)”: the limit is less than the handwritten session’s cost plus the floor, so nobody could meet it.',
    ].join('\n\n'),
    columns: [
      'On',
      'Store',
      'Scenario',
      'Ours',
      'Floor',
      'By hand',
      'Best peer',
      'express-session',
      'Within limits',
    ],
    rows: compare(results).map((comparison) => {
      const { contender, scenario, own } = comparison
      return [
        contender.framework,
        contender.store,
        scenarioNamed(scenario)?.title ?? scenario,
        withSpread(own),
        floorCell(comparison),
        markCell(comparison, 'minimum'),
        markCell(comparison, 'peer'),
        markCell(comparison, 'expressSession'),
        verdict(comparison),
      ]
    }),
  }
}

const withSpread = (figure: Figure): string => `${inMicros(figure.micros)}${spreadOf(figure)}`

function floorCell({ own, floor }: Comparison): string {
  if (floor === undefined) return NONE
  const share = floor > 0 && own.micros > 0 ? (floor / own.micros).toFixed(2) : NONE
  return `${inMicros(floor)} (${share})`
}

function markCell(comparison: Comparison, mark: Mark): string {
  const other = comparison.others[mark]
  if (other === undefined) return NONE
  return `${withSpread(other)} (${shareOf(comparison, mark)?.toFixed(2) ?? NONE})`
}

const titles: Readonly<Record<Mark, string>> = {
  minimum: 'by hand',
  peer: 'the best peer',
  expressSession: 'express-session',
}

const reasons: Readonly<Record<Reason, string>> = {
  floor: ' (floor)',
  'out of reach': ' (out of reach)',
  ours: '',
}

function verdict(comparison: Comparison): string {
  const missed = [...missedBy(comparison)].map(([mark, reason]) => titles[mark] + reasons[reason])
  return missed.length === 0 ? 'yes' : `no: ${missed.join('; ')}`
}
