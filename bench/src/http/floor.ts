import type { Contender, FrameworkName, StoreName } from '../contenders/contender.ts'
import { differenceOf, resultOf, type Figure, type Result, type Results } from './results.ts'
import { FIRST_VISIT, scenarioNamed } from './scenarios.ts'

/** Two measurements of the same job without any of our code: the least that works, and what is required of this library. */
export interface Floor {
  readonly least: Result
  readonly required: Result
}

type All = Pick<Results, 'all'>

/** Replaces default node-redis by its cheapest setting: applications can turn off its timer for each command. */
export const atCheapest = (store: StoreName): StoreName =>
  store === 'redis:default' ? 'redis' : store

/** Plain commands, and those of our engine, which compare before they set, both sent by the bare client. */
export function commandFloor(results: All, store: StoreName, scenario: string): Floor | undefined {
  const name = `floor/http/${atCheapest(store)}`
  return floorBetween(
    resultOf(results, name, scenario),
    resultOf(results, `${name}:ours`, scenario),
  )
}

/** Set-Cookie alone, and with the headers that keep the response out of shared caches. */
export function headerFloor(results: All, framework: FrameworkName): Floor | undefined {
  const [least, required] = ['set-cookie', 'headers'].map((name) =>
    resultOf(results, `floor/${framework}/${name}`, FIRST_VISIT),
  )
  return floorBetween(least, required)
}

const floorBetween = (least?: Result, required?: Result): Floor | undefined =>
  least && required && { least, required }

/** The extra cost of what is required of this library. */
export const extraOf = ({ least, required }: Floor): Figure => differenceOf(required, least)

/**
 * The extra cost, in microseconds, of everything that is required of our contenders only: the commands of the engine and,
 * in scenarios that send a cookie, the headers. Undefined if neither was measured.
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
  return floors.reduce((sum, floor) => sum + extraOf(floor).micros, 0)
}
