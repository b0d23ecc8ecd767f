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
import { inMicros, NONE } from './tables.ts'

/** What a session costs by itself, and whether that is as little as it should be. */
export function ownCostTable(results: Results): Table {
  return {
    title: 'Own cost',
    note: [
      'Microseconds of CPU for each request, beside the bare client on the same framework, or beside the framework where there is no client: the mean of the server processes, and ± half of what lies between the cheapest and the dearest of them. node-redis counts as its cheapest setting does, for everybody.',
      `In brackets ours as a share of it, which is to be at most ${LIMITS.minimum} of what is written by hand on the same framework, over the same store, ${LIMITS.peer} of the best peer’s and ${LIMITS.expressSession} of express-session’s there; they are compared as they are, whatever they vary by.`,
      'Floor: what is asked of us and of no other, with nothing of ours around it, and its share of ours: the commands of our engine, which compare before they set, beside plain ones, and, where a cookie is sent, the headers beside it. “But for the floor”: ours less the floor is within the limit. “Below by hand”: the limit is less than what is written by hand and the floor, so that nobody could meet it.',
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
      'Holds',
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

const withSpread = ({ micros, spread }: Figure): string =>
  `${inMicros(micros)} ±${inMicros(spread)}`

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

const words: Readonly<Record<Reason, string>> = {
  floor: ', but for the floor',
  'below by hand': ', below by hand',
  ours: '',
}

function verdict(comparison: Comparison): string {
  const missed = [...missedBy(comparison)].map(([mark, reason]) => titles[mark] + words[reason])
  return missed.length === 0 ? 'yes' : `no: ${missed.join('; ')}`
}
