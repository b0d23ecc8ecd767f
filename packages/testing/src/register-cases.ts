import { describe, it } from 'vitest'
import type { RunnableCase } from './adapter/describe-adapter.ts'

/** The time limit of a case in milliseconds, generous for stores whose records expire only by waiting. */
const TIMEOUT = 120_000

/** Registers cases with vitest, group by group. */
export function registerCases(title: string, cases: readonly RunnableCase[]): void {
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
