import { clearExpiredCases } from './clear-expired.ts'
import { concurrencyCases } from './concurrency.ts'
import { expiryCases } from './expiry.ts'
import { findCases } from './find.ts'
import { idCases } from './ids.ts'
import { modelCases } from './model.ts'
import { pairCases } from './pairs.ts'
import { payloadCases } from './payloads.ts'
import { shapeCases } from './shape.ts'
import type { EngineSubject } from './subject.ts'
import { writeCases } from './writes.ts'
import type { SuiteCase } from '../register-cases.ts'

/**
 * The cases of `describeEngine` as data, to select or run them yourself. They use vitest's `expect`.
 *
 * @param subject The engine, and what it can do. The cases about `clearExpired` and `find` are included if the subject
 *   declares them; otherwise a case requires that the engine has no such method.
 */
export function engineCases(subject: EngineSubject): readonly SuiteCase[] {
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
