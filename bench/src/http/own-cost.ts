import {
  familyOf,
  type Contender,
  type FrameworkName,
  type StoreName,
} from '../contenders/contender.ts'
import { addedOf, differenceOf, resultOf, type Result, type Results } from './results.ts'

/** The most that our own cost may be of others', by whose it is. */
export const LIMITS = { minimum: 1.3, peer: 0.5, expressSession: 0.25 } as const

/** Whom our own cost is compared with. */
export type Mark = keyof typeof LIMITS

/** Microseconds of somebody else's own cost. */
export interface Other {
  readonly name: string
  readonly micros: number
}

/** What a contender of ours costs by itself, beside what others do. */
export interface Comparison {
  readonly contender: Contender
  readonly scenario: string
  /** Microseconds beside the bare framework and the commands of the bare client. */
  readonly own: number
  /** What the bare client takes more for the commands of our engine than for plain ones; undefined where there are none. */
  readonly floor: number | undefined
  readonly others: Readonly<Record<Mark, Other | undefined>>
}

type All = Pick<Results, 'all'>

/**
 * What a contender costs beside the bare client of its store on the same framework, or beside the framework alone where
 * there is no client; undefined where that was not measured.
 */
function ownCost(results: All, result: Result): number | undefined {
  const { contender, scenario, samples } = result
  const isKept = ['redis', 'memcached', 'postgres', 'sqlite'].includes(familyOf(contender.store))
  if (!isKept) return addedOf(result)
  const name = `floor/${contender.framework}/${atCheapest(contender.store)}`
  const floor = resultOf(results, name, scenario)
  return floor && differenceOf(samples, floor.samples)
}

/** node-redis is taken at its cheapest: its timer for each command is a waste that whoever uses it can avoid. */
export const atCheapest = (store: StoreName): StoreName =>
  store === 'redis:default' ? 'redis' : store

/** What the commands of our engine cost more than plain ones do, given by the bare client. */
function commandFloor(results: All, store: StoreName, scenario: string): number | undefined {
  const name = `floor/http/${atCheapest(store)}`
  const [plain, ours] = [name, `${name}:ours`].map((each) => resultOf(results, each, scenario))
  return plain && ours && differenceOf(ours.samples, plain.samples)
}

/** Compares each of ours with the minimum, with the best peer of its framework and store, and with express-session. */
export function compare(results: All): readonly Comparison[] {
  return results.all
    .filter(({ contender, scenario }) => contender.kind === 'ours' && !isUntouched(scenario))
    .flatMap((result) => {
      const { contender, scenario } = result
      const own = ownCost(results, result)
      if (own === undefined) return []
      const cheapest = (is: (other: Contender) => boolean): Other | undefined =>
        cheapestOf(results, scenario, (other) => is(other) && isSameStore(other, contender))
      const others = {
        minimum: cheapest(
          ({ kind, framework }) =>
            kind === 'minimum' && framework === minimumFor(contender.framework),
        ),
        peer: cheapest(
          ({ kind, framework }) => kind === 'peer' && framework === peersOf(contender.framework),
        ),
        expressSession: cheapest(
          ({ library, framework }) =>
            library === 'express-session' && framework === contender.framework,
        ),
      }
      const floor = commandFloor(results, contender.store, scenario)
      return [{ contender, scenario, own, floor, others }]
    })
}

const isUntouched = (scenario: string): boolean => scenario.startsWith('untouched')

const isSameStore = (one: Contender, other: Contender): boolean =>
  familyOf(one.store) === familyOf(other.store)

/** The minimum is written for two frameworks; on the others, one of these does the same. */
const minimumFor = (framework: FrameworkName): FrameworkName =>
  framework === 'express' || framework === 'nest' ? 'express' : 'http'

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
      const micros = ownCost(results, result)
      return micros === undefined ? [] : [{ name: result.contender.name, micros }]
    })
  return found.toSorted((one, other) => one.micros - other.micros)[0]
}

/** Our own cost as a share of somebody else's; undefined where there is nobody, or none that could be measured. */
export function shareOf({ own, others }: Comparison, mark: Mark): number | undefined {
  const other = others[mark]
  return other === undefined || other.micros <= 0 ? undefined : Math.max(0, own) / other.micros
}

/** The marks that are missed. */
export const missedBy = (comparison: Comparison): readonly Mark[] =>
  (Object.keys(LIMITS) as Mark[]).filter((mark) => {
    const share = shareOf(comparison, mark)
    return share !== undefined && share > LIMITS[mark]
  })

/** Whether a mark is missed by no more than the floor: if our commands cost what plain ones do, it would not be. */
export const isMissedByFloor = (comparison: Comparison, mark: Mark): boolean => {
  const { own, floor = 0 } = comparison
  return floor > 0 && !missedBy({ ...comparison, own: own - floor }).includes(mark)
}
