import type { Contender } from '../contenders/contender.ts'
import { resultsOf, type Result, type Shown } from './results.ts'
import { measureRound, type Setting } from './round.ts'

/** Why there is nothing of a framework, or less than there should be. */
export type Failure = readonly [framework: string, reason: string]

/** How often everything is measured. */
export interface Repetition {
  readonly rounds: number
  /** Seconds. A round that would probably end later is not begun, but for the first. */
  readonly budget: number
}

/** What all rounds have shown. */
export interface Rounds {
  readonly all: readonly Result[]
  readonly failures: readonly Failure[]
}

/**
 * Measures every framework again and again, each time by processes of its own: two processes of the same server differ by
 * more than many of the differences that are looked for.
 */
export async function measureRounds(
  contenders: readonly Contender[],
  { rounds, budget }: Repetition,
  setting: Setting,
): Promise<Rounds> {
  const shown: Shown[] = []
  const failures: Failure[] = []
  const start = performance.now()
  for (let round = 1; round <= rounds; round++) {
    const seconds = (performance.now() - start) / 1000
    if (round > 1 && (seconds * round) / (round - 1) > budget) {
      setting.report(
        `${round} of ${rounds}: left out, since it would take the section past ${budget} s`,
      )
      break
    }
    const report = (line: string): void => setting.report(`${round} of ${rounds}, ${line}`)
    for (const group of groupsOf(contenders)) {
      try {
        shown.push(...(await measureRound(group, { ...setting, report })))
      } catch (error) {
        // What was measured on other frameworks is worth as much.
        report(String(error))
        failures.push([group[0]?.framework ?? '', String(error)])
      }
    }
  }
  return { all: resultsOf(shown), failures }
}

/** By framework: what is compared is measured in turns. */
function groupsOf(contenders: readonly Contender[]): readonly (readonly Contender[])[] {
  const frameworks = [...new Set(contenders.map(({ framework }) => framework))]
  return frameworks.map((framework) => contenders.filter((each) => each.framework === framework))
}
