import type { Contender } from '../contenders/contender.ts'
import type { Sample } from './measure.ts'
import { middle } from '../middle.ts'

/** What was measured of one contender in one scenario. */
export interface Result {
  readonly contender: Contender
  readonly scenario: string
  /** One for each run. */
  readonly samples: readonly Sample[]
  /** Those of the bare framework in the same runs. */
  readonly bare: readonly Sample[]
}

/** All that was measured. */
export interface Results {
  readonly all: readonly Result[]
  /** Commands per request, by contender and scenario. */
  readonly commands: ReadonlyMap<string, string>
}

/** By what commands are found. */
export const commandsKey = (contender: string, scenario: string): string =>
  `${contender} ${scenario}`

/** What was measured of a contender in a scenario. */
export const resultOf = (
  { all }: Pick<Results, 'all'>,
  name: string,
  scenario: string,
): Result | undefined =>
  all.find((result) => result.contender.name === name && result.scenario === scenario)

/** Microseconds of CPU for each request. */
export const microsOf = ({ samples }: Result): number => middle(samples.map(({ micros }) => micros))

/** Microseconds of CPU that a contender adds to its framework, by the runs in which both were measured. */
export const addedOf = ({ samples, bare }: Result): number => differenceOf(samples, bare)

/** Microseconds of CPU that the first take more than the second, which were measured in the same runs. */
export const differenceOf = (samples: readonly Sample[], others: readonly Sample[]): number =>
  middle(samples.map(({ micros }, run) => micros - (others[run]?.micros ?? Number.NaN)))
