import type { Contender, FrameworkName, StoreName } from '../contenders/contender.ts'
import { differenceOf, resultOf, type Figure, type Result, type Results } from './results.ts'
import { FIRST_VISIT, scenarioNamed } from './scenarios.ts'

/** The same by the least that can be done, and as it is asked of us, both without anything of ours around it. */
export interface Floor {
  readonly least: Result
  readonly asked: Result
}

type All = Pick<Results, 'all'>

/** node-redis is taken at its cheapest: its timer for each command is a waste that whoever uses it can avoid. */
export const atCheapest = (store: StoreName): StoreName =>
  store === 'redis:default' ? 'redis' : store

/** The commands of our engine, which compare before they set, beside plain ones, given by the bare client. */
export function commandFloor(results: All, store: StoreName, scenario: string): Floor | undefined {
  const name = `floor/http/${atCheapest(store)}`
  return floorBetween(
    resultOf(results, name, scenario),
    resultOf(results, `${name}:ours`, scenario),
  )
}

/** The headers of a response that sends a cookie, beside Set-Cookie alone. */
export function headerFloor(results: All, framework: FrameworkName): Floor | undefined {
  const [least, asked] = ['set-cookie', 'headers'].map((name) =>
    resultOf(results, `floor/${framework}/${name}`, FIRST_VISIT),
  )
  return floorBetween(least, asked)
}

const floorBetween = (least?: Result, asked?: Result): Floor | undefined =>
  least && asked && { least, asked }

/** What is asked of us costs so much more than the least. */
export const moreOf = ({ least, asked }: Floor): Figure => differenceOf(asked, least)

/**
 * Microseconds of all that is asked of a contender of ours, and of no other, in a scenario: the commands of its engine, and
 * the headers, where it sends a cookie. Undefined where neither was measured.
 */
export function floorOf(
  results: All,
  { framework, store }: Contender,
  scenario: string,
): number | undefined {
  const floors = [
    commandFloor(results, store, scenario),
    scenarioNamed(scenario)?.sendsCookie ? headerFloor(results, framework) : undefined,
  ].filter((floor) => floor !== undefined)
  if (floors.length === 0) return undefined
  return floors.reduce((sum, floor) => sum + moreOf(floor).micros, 0)
}
