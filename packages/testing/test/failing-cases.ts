import { expect } from 'vitest'
import type { RunnableCase } from '../src/index.ts'

/** The cases of a suite, by what they are called in its report. */
export function casesByName(cases: readonly RunnableCase[]): (name: string) => RunnableCase {
  const named = new Map(cases.map((one) => [`${one.group} › ${one.name}`, one]))
  return (name) => {
    const found = named.get(name)
    if (!found) throw new Error(`The suite has no case called: ${name}`)
    return found
  }
}

/** Runs a case that must notice a fault: by what it asserts, as an error of its own would prove nothing. */
export async function expectFailure({ name, run }: RunnableCase): Promise<void> {
  const failure: unknown = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(isAssertion(failure), `${name}, which failed with: ${String(failure)}`).toBe(true)
}

/** Whether an assertion failed: by itself, or in a sequence of calls that fast-check found. */
function isAssertion(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AssertionError' || isAssertion(error.cause)
}
