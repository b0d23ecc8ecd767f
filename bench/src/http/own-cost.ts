import { familyOf, type Contender, type FrameworkName } from '../contenders/contender.ts'
import { atCheapest, floorOf } from './floor.ts'
import {
  addedOf,
  differenceOf,
  resultOf,
  type Figure,
  type Result,
  type Results,
} from './results.ts'

/** The limits of our own cost, as shares of the own cost of each mark. */
export const LIMITS = { minimum: 1.3, peer: 0.5, expressSession: 0.25 } as const

/** What our own cost is compared with. */
export type Mark = keyof typeof LIMITS

/** The own cost of another contender. */
export interface Other extends Figure {
  readonly name: string
}

/** The own cost of one of our contenders, and those of others to compare it with. */
export interface Comparison {
  readonly contender: Contender
  readonly scenario: string
  /** On top of the bare framework and the commands of the bare client. */
  readonly own: Figure
  /** The extra cost of what is required of us only, in microseconds; undefined if it was not measured. */
  readonly floor: number | undefined
  readonly others: Readonly<Record<Mark, Other | undefined>>
}

type All = Pick<Results, 'all'>

/**
 * What a contender costs on top of the bare client of its store on the same framework, or on top of the bare framework where
 * there is no client. Undefined if the bare client was not measured.
 */
function ownCost(results: All, result: Result): Figure | undefined {
  const { contender, scenario } = result
  const hasClient = ['redis', 'memcached', 'postgres', 'sqlite'].includes(familyOf(contender.store))
  if (!hasClient) return addedOf(result)
  const name = `floor/${contender.framework}/${atCheapest(contender.store)}`
  const client = resultOf(results, name, scenario)
  return client && differenceOf(result, client)
}

/**
 * Compares each of our contenders with the handwritten session, the best peer and express-session on the same framework
 * and over the same store.
 */
export function compare(results: All): readonly Comparison[] {
  return results.all
    .filter(({ contender, scenario }) => contender.kind === 'ours' && !isUntouched(scenario))
    .flatMap((result) => {
      const { contender, scenario } = result
      const own = ownCost(results, result)
      if (own === undefined) return []
      const cheapest = (
        framework: FrameworkName,
        is: (other: Contender) => boolean,
      ): Other | undefined =>
        cheapestOf(
          results,
          scenario,
          (other) => other.framework === framework && isSameStore(other, contender) && is(other),
        )
      const { framework } = contender
      const others = {
        minimum: cheapest(framework, ({ kind }) => kind === 'minimum'),
        peer: cheapest(peersOf(framework), ({ kind }) => kind === 'peer'),
        expressSession: cheapest(framework, ({ library }) => library === 'express-session'),
      }
      return [{ contender, scenario, own, floor: floorOf(results, contender, scenario), others }]
    })
}

const isUntouched = (scenario: string): boolean => scenario.startsWith('untouched')

const isSameStore = (one: Contender, other: Contender): boolean =>
  familyOf(one.store) === familyOf(other.store)

const peersOf = (framework: FrameworkName): FrameworkName =>
  framework === 'nest-fastify' ? 'fastify' : framework

function cheapestOf(
  results: All,
  scenario: string,
  is: (contender: Contender) => boolean,
): Other | undefined {
  const found = results.all
    .filter((result) => result.scenario === scenario && is(result.contender))
    .flatMap((result) => {
      const own = ownCost(results, result)
      return own === undefined ? [] : [{ name: result.contender.name, ...own }]
    })
  return found.toSorted((one, other) => one.micros - other.micros)[0]
}

/** Our own cost as a share of a mark's; undefined if there is no such contender, or its own cost is not above zero. */
export function shareOf({ own, others }: Comparison, mark: Mark): number | undefined {
  const other = others[mark]
  return other === undefined || other.micros <= 0
    ? undefined
    : Math.max(0, own.micros) / other.micros
}

/** The limit of our own cost, in microseconds: zero if the mark's own cost is below zero. */
function limitOf({ others }: Comparison, mark: Mark): number | undefined {
  const other = others[mark]
  return other && LIMITS[mark] * Math.max(0, other.micros)
}

/**
 * Why a limit is missed.
 *
 * - `floor`: without the floor, our cost would be within the limit.
 * - `out of reach`: the limit is less than the handwritten session's cost plus the floor.
 * - `ours`: our own code is too expensive.
 */
export type Reason = 'floor' | 'out of reach' | 'ours'

/** The limits that our cost exceeds, and why. */
export function missedBy(comparison: Comparison): ReadonlyMap<Mark, Reason> {
  const missed = new Map<Mark, Reason>()
  for (const mark of Object.keys(LIMITS) as Mark[]) {
    const limit = limitOf(comparison, mark)
    if (limit !== undefined && comparison.own.micros > limit) {
      missed.set(mark, reasonOf(comparison, mark, limit))
    }
  }
  return missed
}

function reasonOf({ own, floor = 0, others }: Comparison, mark: Mark, limit: number): Reason {
  const { minimum } = others
  if (mark !== 'minimum' && minimum !== undefined && limit < minimum.micros + floor) {
    return 'out of reach'
  }
  return own.micros - floor <= limit ? 'floor' : 'ours'
}
