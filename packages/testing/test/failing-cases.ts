import { expect } from 'vitest'
import type { SuiteCase } from '../src/index.ts'

/** Finds a case of a suite by its name in the report: `group › name`. */
export function casesByName(cases: readonly SuiteCase[]): (name: string) => SuiteCase {
  const named = new Map(cases.map((one) => [`${one.group} › ${one.name}`, one]))
  return (name) => {
    const found = named.get(name)
    if (!found) throw new Error(`The suite has no case named: ${name}`)
    return found
  }
}

/** Runs a case that must fail, and by an assertion: any other error would prove nothing. */
export async function expectFailure({ name, run }: SuiteCase): Promise<void> {
  const failure: unknown = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(isAssertion(failure), `${name}: no assertion failed, but: ${String(failure)}`).toBe(true)
}

/** Whether an assertion failed, directly or as the cause of fast-check's error. */
function isAssertion(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AssertionError' || isAssertion(error.cause)
}
