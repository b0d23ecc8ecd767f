import { engineCases } from './cases.ts'
import type { EngineSubject } from './subject.ts'
import { registerCases } from '../register-cases.ts'

/**
 * Registers, with vitest, a test for everything that is required of an engine: round trips, atomic creates, update-only
 * saves, compare-and-set, expiry, purging, finding, two writers, every two calls at once, hostile ids, and random sequences
 * of calls against a plain Map. Nothing is skipped: what the subject declares must be there, and what it does not must not.
 *
 * @param name What the engine is called in the test's report.
 * @param subject How the engine is opened, and what it can do.
 * @example
 * import { describeEngine } from '@sessions/testing'
 *
 * describeEngine('my engine', {
 *   clearExpired: true,
 *   find: false,
 *   open: async ({ clock }) => {
 *     const store = await openMyStore()
 *     return { engine: myEngine(store, { clock }), close: () => store.close() }
 *   },
 * })
 */
export function describeEngine(name: string, subject: EngineSubject): void {
  registerCases(name, engineCases(subject))
}
