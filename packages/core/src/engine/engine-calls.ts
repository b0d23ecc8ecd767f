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
import type { AttributeValue, MaybePromise, SessionEngine, SessionRecord } from './engine.ts'
import { withoutQuotations } from './without-quotations.ts'

/** The engine methods that requests use. */
export type EngineCalls = {
  readonly [Method in 'load' | 'exists' | 'create' | 'save' | 'touch' | 'delete']: (
    ...args: Parameters<SessionEngine[Method]>
  ) => MaybePromise<Awaited<ReturnType<SessionEngine[Method]>>>
}

interface EnginePort {
  readonly settings: ResolvedSettings
  readonly ids: SessionIds
  readonly engine: SessionEngine
  readonly report: Report
}

/** The arguments of a call that must not appear in a log. */
interface CallArguments {
  readonly id: string
  readonly record?: SessionRecord
}

/**
 * Wraps an engine's methods. What they throw or reject with, and an answer that breaks the contract, becomes a
 * `SessionEngineError` that names the engine and the operation and has the `cause`; it is also reported as an event.
 */
export function engineCalls({ settings, ids, engine, report }: EnginePort): EngineCalls {
  function guard<Answer>(
    operation: string,
    args: CallArguments,
    call: () => MaybePromise<Answer>,
    faultOf: (answer: Answer) => string | undefined,
  ): MaybePromise<Answer> {
    return attempt(
      call,
      (answer) => {
        const fault = faultOf(answer)
        if (fault === undefined) return answer
        throw failed(operation, args, brokenContract(engine, operation, fault))
      },
      (cause) => {
        throw failed(operation, args, cause)
      },
    )
  }
  function failed(operation: string, { id, record }: CallArguments, cause: unknown): Error {
    const attributes = Object.values(record?.attributes ?? {})
    const secrets = [settings.hashKeys ? '' : id, record?.data ?? '', ...longTexts(attributes)]
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

/** A text of fewer characters may be a word of the message. */
const LONG = 12

/** The attributes' values that must not appear in a log. */
export function longTexts(values: readonly AttributeValue[]): readonly string[] {
  return values.filter((value) => typeof value === 'string').filter(({ length }) => length >= LONG)
}

interface NamedEngine {
  /** The engine's name in errors. */
  readonly name?: string | undefined
}

/** The error for an answer that breaks the engine's contract. */
export function brokenContract(
  engine: NamedEngine,
  operation: string,
  fault: string,
): SessionEngineError {
  const reason = `${fault}. This is a bug in the engine, which breaks its contract`
  return new SessionEngineError({ engine: engine.name ?? 'session', operation, reason })
}

interface FailedCall {
  readonly engine: NamedEngine
  readonly report: Report
  readonly operation: string
  /** Arguments of the call that must not appear in a log. */
  readonly secrets?: readonly string[]
  /** The handle of the session, if the call was about a single one. */
  readonly handle?: string | undefined
}

/** Reports an engine's failure as an event, and returns the `SessionError` to throw. */
export function reportFailure(call: FailedCall, failure: unknown): Error {
  const { engine, report, operation, secrets = [], handle } = call
  const error = isSessionError(failure)
    ? failure
    : engineError(engine, operation, withoutQuotations(failure, secrets))
  report?.({ type: 'error', handle, error })
  return error
}

function engineError(
  { name = 'session' }: NamedEngine,
  operation: string,
  cause: unknown,
): SessionEngineError {
  // Koa and Express 4 log the stack of an error, but not its cause.
  const { message } = Object(cause) as { message?: unknown }
  const reason = typeof message === 'string' ? message.replace(/\.$/, '') : ''
  return new SessionEngineError({ engine: name, operation, reason, cause })
}
