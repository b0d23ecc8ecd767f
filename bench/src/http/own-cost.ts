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

/** The most that our own cost may be of others', by whose it is. */
export const LIMITS = { minimum: 1.3, peer: 0.5, expressSession: 0.25 } as const

/** Whom our own cost is compared with. */
export type Mark = keyof typeof LIMITS

/** Somebody else's own cost. */
export interface Other extends Figure {
  readonly name: string
}

/** What a contender of ours costs by itself, beside what others do. */
export interface Comparison {
  readonly contender: Contender
  readonly scenario: string
  /** Beside the bare framework and the commands of the bare client. */
  readonly own: Figure
  /** Microseconds of what is asked of us and of no other; undefined where that was not measured. */
  readonly floor: number | undefined
  readonly others: Readonly<Record<Mark, Other | undefined>>
}

type All = Pick<Results, 'all'>

/**
 * What a contender costs beside the bare client of its store on the same framework, or beside the framework alone where
 * there is no client; undefined where that was not measured.
 */
function ownCost(results: All, result: Result): Figure | undefined {
  const { contender, scenario } = result
  const isKept = ['redis', 'memcached', 'postgres', 'sqlite'].includes(familyOf(contender.store))
  if (!isKept) return addedOf(result)
  const name = `floor/${contender.framework}/${atCheapest(contender.store)}`
  const client = resultOf(results, name, scenario)
  return client && differenceOf(result, client)
}

/**
 * Compares each of ours with what is written by hand, with the best peer, and with express-session, on the same framework
 * and store.
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

/** Our own cost as a share of somebody else's; undefined where there is nobody, or none that could be measured. */
export function shareOf({ own, others }: Comparison, mark: Mark): number | undefined {
  const other = others[mark]
  return other === undefined || other.micros <= 0
    ? undefined
    : Math.max(0, own.micros) / other.micros
}

/** The most that our own cost may be, in microseconds: nothing, where somebody else's could not be measured. */
function limitOf({ others }: Comparison, mark: Mark): number | undefined {
  const other = others[mark]
  return other && LIMITS[mark] * Math.max(0, other.micros)
}

/**
 * Why a limit is missed. By the floor: less that, ours would be within it. Below by hand: what is asked of us costs more, even
 * written by hand. Or for nothing but what ours costs.
 */
export type Reason = 'floor' | 'below by hand' | 'ours'

/** The limits that are missed, and why. */
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
    return 'below by hand'
  }
  return own.micros - floor <= limit ? 'floor' : 'ours'
}
