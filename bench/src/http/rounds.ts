import type { Contender } from '../contenders/contender.ts'
import { resultsOf, type Result, type ProcessResult } from './results.ts'
import { hasTimeFor } from './has-time-for.ts'
import { measureRound, type Setting } from './round.ts'

/** Why some or all measurements of a framework are missing. */
export type Failure = readonly [framework: string, reason: string]

/** How often all contenders are measured. */
export interface Repetition {
  readonly rounds: number
  /** In seconds. After the first, a round that is expected to end later is not started. */
  readonly budget: number
}

/** The outcome of all rounds. */
export interface Rounds {
  readonly all: readonly Result[]
  readonly failures: readonly Failure[]
}

/**
 * Measures every framework in several rounds, each with new processes: two processes of the same server can differ by more
 * than the differences between contenders.
 */
export async function measureRounds(
  contenders: readonly Contender[],
  { rounds, budget }: Repetition,
  setting: Setting,
): Promise<Rounds> {
  const results: ProcessResult[] = []
  const failures: Failure[] = []
  const start = performance.now()
  for (let round = 1; round <= rounds; round++) {
    if (!hasTimeFor(round, (performance.now() - start) / 1000, budget)) {
      setting.report(
        `round ${round} of ${rounds}: skipped, since it would end after more than ${budget} s`,
      )
      break
    }
    const report = (line: string): void => setting.report(`round ${round} of ${rounds}, ${line}`)
    for (const group of groupsOf(contenders)) {
      try {
        results.push(...(await measureRound(group, { ...setting, report })))
      } catch (error) {
        // The measurements of other frameworks stay valid.
        report(String(error))
        failures.push([group[0]?.framework ?? '', String(error)])
      }
    }
  }
  return { all: resultsOf(results), failures }
}

/** Groups contenders by framework: those that are compared have to take turns in the same round. */
function groupsOf(contenders: readonly Contender[]): readonly (readonly Contender[])[] {
  const frameworks = [...new Set(contenders.map(({ framework }) => framework))]
  return frameworks.map((framework) =>
    contenders.filter((contender) => contender.framework === framework),
  )
}
