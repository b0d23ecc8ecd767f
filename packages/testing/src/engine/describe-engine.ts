import { engineCases } from './cases.ts'
import type { EngineSubject } from './subject.ts'
import { registerCases } from '../register-cases.ts'

/**
 * Registers with vitest a test for each requirement of the engine contract: round trips, atomic creates, update-only saves,
 * compare-and-set, touch, delete, expiry, purging, finding, two writers, every pair of concurrent calls, hostile ids, and
 * random sequences of calls against a plain Map. No case is skipped: the engine must have the optional methods that the
 * subject declares, and must lack the others. Call it at the top level of a test file.
 *
 * @param name The engine's name in the test report.
 * @param subject How to open the engine, and what it can do.
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
