import type { Contender } from '../contenders/contender.ts'
import { middle } from '../middle.ts'
import type { Sample } from './measure.ts'

/** The samples of one process of a contender in one scenario. */
export interface ProcessSamples {
  /** One for each window. */
  readonly samples: readonly Sample[]
  /** The samples of the bare framework in the same round. */
  readonly bare: readonly Sample[]
}

/** The samples of one process, with its contender and scenario. */
export interface ProcessResult extends ProcessSamples {
  readonly contender: Contender
  readonly scenario: string
}

/** The measurements of one contender in one scenario. */
export interface Result {
  readonly contender: Contender
  readonly scenario: string
  /** In the order of the rounds: processes at the same index, of whatever contender, ran side by side. */
  readonly processes: readonly ProcessSamples[]
}

/** All measurements. */
export interface Results {
  readonly all: readonly Result[]
  /** Commands per request, by `commandsKey`. */
  readonly commands: ReadonlyMap<string, string>
}

/** Microseconds of CPU for each request. */
export interface Figure {
  /** The mean over the processes; with four or more, over the middle half of them. */
  readonly micros: number
  /** Half the difference between the cheapest and the most expensive process; undefined for a single one. */
  readonly spread: number | undefined
}

/** The key of a contender and scenario in `Results.commands`. */
export const commandsKey = (contender: string, scenario: string): string =>
  `${contender} ${scenario}`

/** Groups the processes by contender and scenario. */
export function resultsOf(processes: readonly ProcessResult[]): readonly Result[] {
  const results = new Map<string, Result & { processes: ProcessResult[] }>()
  for (const processResult of processes) {
    const { contender, scenario } = processResult
    const key = `${contender.name} ${scenario}`
    const result = results.get(key) ?? { contender, scenario, processes: [] }
    result.processes.push(processResult)
    results.set(key, result)
  }
  return [...results.values()]
}

/** The measurements of the contender of that name in a scenario; undefined if there are none. */
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

/** How much more the first costs than the second, comparing processes that ran side by side. */
export const differenceOf = (first: Result, second: Result): Figure =>
  figureOf(
    first.processes.flatMap(({ samples }, index) => {
      const other = second.processes[index]
      return other === undefined ? [] : [cheapest(samples) - cheapest(other.samples)]
    }),
  )

const figureOf = (byProcess: readonly number[]): Figure => ({
  micros: middle(byProcess),
  spread: byProcess.length > 1 ? (Math.max(...byProcess) - Math.min(...byProcess)) / 2 : undefined,
})

/** The cost in the least disturbed window: whatever else the machine does can only make a window more expensive. */
const cheapest = (samples: readonly Sample[]): number =>
  Math.min(...samples.map(({ micros }) => micros))

/** The samples of all processes. */
export const samplesOf = ({ processes }: Result): readonly Sample[] =>
  processes.flatMap(({ samples }) => samples)
