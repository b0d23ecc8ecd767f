import { clearExpiredCases } from './engine-clear-expired.ts'
import { concurrencyCases } from './engine-concurrency.ts'
import type { EngineCase } from './engine-context.ts'
import { expiryCases } from './engine-expiry.ts'
import { findCases } from './engine-find.ts'
import { idCases } from './engine-ids.ts'
import { modelCases } from './engine-model.ts'
import { pairCases } from './engine-pairs.ts'
import { payloadCases } from './engine-payloads.ts'
import { shapeCases } from './engine-shape.ts'
import type { EngineSubject } from './engine-subject.ts'
import { writeCases } from './engine-writes.ts'

/**
 * What is required of an engine, as data: for a test runner other than vitest's `describe`, or to try the suite itself.
 * Most callers want `describeEngine`. The assertions are vitest's `expect`.
 *
 * @param subject The engine, and what it can do. Cases about `clearExpired` and `find` are among the answer where the
 * subject declares these; where it does not, a case requires that the engine has no such method.
 */
export function engineCases(subject: EngineSubject): readonly EngineCase[] {
  return [
    ...shapeCases(subject),
    ...payloadCases(subject),
    ...idCases(subject),
    ...writeCases(subject),
    ...expiryCases(subject),
    ...(subject.clearExpired ? clearExpiredCases(subject) : []),
    ...(subject.find ? findCases(subject) : []),
    ...concurrencyCases(subject),
    ...pairCases(subject),
    ...modelCases(subject),
  ]
}
