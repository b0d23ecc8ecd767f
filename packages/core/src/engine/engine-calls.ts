import { isSessionError, SessionEngineError } from '../errors.ts'
import type { Report } from '../events.ts'
import type { SessionIds } from '../session/session-key.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { attempt } from '../steps.ts'
import {
  faultOfCreated,
  faultOfDeleted,
  faultOfExists,
  faultOfLoaded,
  faultOfSaved,
} from './engine-answers.ts'
import type { MaybePromise, SessionEngine, SessionRecord } from './engine.ts'
import { withoutQuotations } from './without-quotations.ts'

/** The contract's methods that a request uses. */
export type EngineCalls = {
  readonly [Method in 'load' | 'exists' | 'create' | 'save' | 'touch' | 'delete']: (
    ...given: Parameters<SessionEngine[Method]>
  ) => MaybePromise<Awaited<ReturnType<SessionEngine[Method]>>>
}

/** What calls an engine. */
interface EnginePort {
  readonly settings: ResolvedSettings
  readonly ids: SessionIds
  readonly engine: SessionEngine
  readonly report: Report
}

/** What a call is given. */
interface Given {
  readonly id: string
  readonly record?: SessionRecord
}

/**
 * The engine as the core calls it: whatever it throws or rejects with becomes a `SessionEngineError` that names engine
 * and operation and keeps the cause, and is reported; so does an answer that its contract does not have.
 */
export function engineCalls({ settings, ids, engine, report }: EnginePort): EngineCalls {
  function guard<Answer>(
    operation: string,
    given: Given,
    call: () => MaybePromise<Answer>,
    faultOf: (answer: Answer) => string | undefined,
  ): MaybePromise<Answer> {
    return attempt(
      call,
      (answer) => {
        const fault = faultOf(answer)
        if (fault === undefined) return answer
        throw failed(operation, given, brokenContract(engine, operation, fault))
      },
      (cause) => {
        throw failed(operation, given, cause)
      },
    )
  }
  function failed(operation: string, { id, record }: Given, cause: unknown): Error {
    const secrets = [settings.hashKeys ? '' : id, record?.data ?? '']
    const handle = report && ids.handleOf(id)
    return reportFailure({ engine, report, operation, secrets, handle }, cause)
  }
  return {
    load: (id) => guard('load', { id }, () => engine.load(id), faultOfLoaded),
    exists: (id) => guard('exists', { id }, () => engine.exists(id), faultOfExists),
    create: (id, record) =>
      guard('create', { id, record }, () => engine.create(id, record), faultOfCreated),
    save: (id, record, version) =>
      guard('save', { id, record }, () => engine.save(id, record, version), faultOfSaved),
    touch: (id, record, version) =>
      guard('touch', { id, record }, () => engine.touch(id, record, version), faultOfSaved),
    delete: (id, version) =>
      guard('delete', { id }, () => engine.delete(id, version), faultOfDeleted),
  }
}

/** The error of an answer that the contract does not have. */
export function brokenContract(
  engine: { readonly name?: string | undefined },
  operation: string,
  fault: string,
): SessionEngineError {
  const reason = `${fault}. That is a defect of the engine: see the contract`
  return new SessionEngineError({ engine: engine.name ?? 'session', operation, reason })
}

/** A call that failed. */
interface FailedCall {
  readonly engine: SessionEngine
  readonly report: Report
  readonly operation: string
  /** What the engine was given and no log may get to see. */
  readonly secrets?: readonly string[]
  /** The session, where it was one's. */
  readonly handle?: string | undefined
}

/** Reports what an engine failed with, and returns what the application gets of it: a `SessionError` in any case. */
export function reportFailure(call: FailedCall, failure: unknown): Error {
  const { engine, report, operation, secrets = [], handle } = call
  const error = isSessionError(failure)
    ? failure
    : new SessionEngineError({
        engine: engine.name ?? 'session',
        operation,
        cause: withoutQuotations(failure, secrets),
      })
  report?.({ type: 'error', handle, error })
  return error
}
