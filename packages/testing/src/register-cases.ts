import { describe, it } from 'vitest'
import type { RunnableCase } from './adapter/describe-adapter.ts'

/** The time limit of a case in milliseconds, generous for stores whose records expire only by waiting. */
const TIMEOUT = 120_000

/** Registers cases with vitest, group by group. */
export function registerCases(name: string, cases: readonly RunnableCase[]): void {
  describe(name, () => {
    for (const group of new Set(cases.map((one) => one.group))) {
      describe(group, () => {
        for (const one of cases) {
          if (one.group === group) it(one.name, { timeout: TIMEOUT }, one.run)
        }
      })
    }
  })
}
