import { describe, it } from 'vitest'

/** One requirement of a contract, as a runnable test case. */
export interface SuiteCase {
  /** The heading that the case is listed under, such as `create` or `redirects`. */
  readonly group: string
  /** The required behaviour, in words. */
  readonly name: string
  /** Opens the subject, tests it and closes it. Rejects if the subject breaks the requirement. */
  readonly run: () => Promise<void>
}

/** The time limit of a case in milliseconds, generous for stores whose records expire only by waiting. */
const TIMEOUT = 120_000

/** Registers cases with vitest, group by group. */
export function registerCases(title: string, cases: readonly SuiteCase[]): void {
  describe(title, () => {
    for (const group of new Set(cases.map((testCase) => testCase.group))) {
      describe(group, () => {
        for (const { group: heading, name, run } of cases) {
          if (heading === group) it(name, { timeout: TIMEOUT }, run)
        }
      })
    }
  })
}
