import type { Report } from '../events.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { faultOfSealed, faultOfUnsealed } from './engine-answers.ts'
import { brokenContract, reportFailure } from './engine-calls.ts'
import type { CookieEngine, SessionRecord, UnsealedRecord } from './engine.ts'

/** The methods of a cookie engine, given the time in epoch milliseconds. */
export interface CookieEngineCalls {
  seal(record: SessionRecord, now: number): string
  unseal(value: string, now: number): UnsealedRecord | undefined
}

interface CookieEnginePort {
  readonly settings: ResolvedSettings
  readonly engine: CookieEngine
  readonly report: Report
}

/** Wraps a cookie engine's methods, as `engineCalls` does. */
export function cookieEngineCalls({
  settings,
  engine,
  report,
}: CookieEnginePort): CookieEngineCalls {
  const { name: cookieName, age: cookieAge } = settings.cookie
  const named = { name: engine.name ?? 'cookie' }
  function guard<Answer>(
    operation: string,
    secret: string,
    call: () => Answer,
    faultOf: (answer: Answer) => string | undefined,
  ): Answer {
    try {
      const answer = call()
      const fault = faultOf(answer)
      if (fault === undefined) return answer
      throw brokenContract(named, operation, fault)
    } catch (cause) {
      throw reportFailure({ engine: named, report, operation, secrets: [secret] }, cause)
    }
  }
  return {
    seal: (record, now) =>
      guard(
        'seal',
        record.data,
        () => engine.seal(record, { cookieName, cookieAge, now }),
        faultOfSealed,
      ),
    unseal: (value, now) =>
      guard(
        'unseal',
        value,
        () => engine.unseal(value, { cookieName, cookieAge, now }),
        faultOfUnsealed,
      ),
  }
}
