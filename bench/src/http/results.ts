import type { Contender } from '../contenders/contender.ts'
import { middle } from '../middle.ts'
import type { Sample } from './measure.ts'

/** What one process of a contender has shown in one scenario. */
export interface Showing {
  /** One for each window. */
  readonly samples: readonly Sample[]
  /** Those of the bare framework, in the same turns. */
  readonly bare: readonly Sample[]
}

/** What one process has shown, and whose it was. */
export interface Shown extends Showing {
  readonly contender: Contender
  readonly scenario: string
}

/** What was measured of one contender in one scenario. */
export interface Result {
  readonly contender: Contender
  readonly scenario: string
  /** One for each process; those of the same place ran beside each other. */
  readonly processes: readonly Showing[]
}

/** All that was measured. */
export interface Results {
  readonly all: readonly Result[]
  /** Commands per request, by contender and scenario. */
  readonly commands: ReadonlyMap<string, string>
}

/** Microseconds of CPU for each request. */
export interface Figure {
  /** The mean of the processes; of four and more, of the middle half of them. */
  readonly micros: number
  /** Half of what lies between the cheapest process and the dearest. */
  readonly spread: number
}

/** By what commands are found. */
export const commandsKey = (contender: string, scenario: string): string =>
  `${contender} ${scenario}`

/** Puts together what the processes of a contender have shown in a scenario. */
export function resultsOf(shown: readonly Shown[]): readonly Result[] {
  const results = new Map<string, Result & { processes: Shown[] }>()
  for (const each of shown) {
    const { contender, scenario } = each
    const key = `${contender.name} ${scenario}`
    const result = results.get(key) ?? { contender, scenario, processes: [] }
    result.processes.push(each)
    results.set(key, result)
  }
  return [...results.values()]
}

/** What was measured of a contender in a scenario. */
export const resultOf = (
  { all }: Pick<Results, 'all'>,
  name: string,
  scenario: string,
): Result | undefined =>
  all.find((result) => result.contender.name === name && result.scenario === scenario)

/** What a request costs. */
export const costOf = ({ processes }: Result): Figure =>
  figureOf(processes.map(({ samples }) => cheapest(samples)))

/** What a contender adds to its framework. */
export const addedOf = ({ processes }: Result): Figure =>
  figureOf(processes.map(({ samples, bare }) => cheapest(samples) - cheapest(bare)))

/** What the first takes more than the second, which ran beside it. */
export const differenceOf = (first: Result, second: Result): Figure =>
  figureOf(
    first.processes.flatMap(({ samples }, index) => {
      const beside = second.processes[index]
      return beside === undefined ? [] : [cheapest(samples) - cheapest(beside.samples)]
    }),
  )

const figureOf = (byProcess: readonly number[]): Figure => ({
  micros: middle(byProcess),
  spread: (Math.max(...byProcess) - Math.min(...byProcess)) / 2,
})

/** What the window took that was disturbed least: whatever else a machine does can only make one dearer. */
const cheapest = (samples: readonly Sample[]): number =>
  Math.min(...samples.map(({ micros }) => micros))

/** All samples, whichever process showed them. */
export const samplesOf = ({ processes }: Result): readonly Sample[] =>
  processes.flatMap(({ samples }) => samples)
