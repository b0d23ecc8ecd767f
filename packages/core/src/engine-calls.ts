import type { MaybePromise, SessionEngine } from './engine.ts'
import { isSessionError, SessionEngineError } from './errors.ts'
import type { Report } from './events.ts'
import { isPromise, type Steps } from './steps.ts'

/** The contract's methods that a request uses. */
export type EngineCalls = {
  readonly [Method in 'load' | 'exists' | 'create' | 'save' | 'touch' | 'delete']: (
    ...given: Parameters<SessionEngine[Method]>
  ) => Steps<Awaited<ReturnType<SessionEngine[Method]>>>
}

/**
 * The engine as the core calls it: whatever it throws or rejects with becomes a `SessionEngineError` that names engine
 * and operation and keeps the cause, and is reported.
 */
export function engineCalls(engine: SessionEngine, report: Report): EngineCalls {
  function* guard<Answer>(operation: string, call: () => MaybePromise<Answer>): Steps<Answer> {
    try {
      const answer = call()
      return isPromise(answer) ? ((yield answer) as Answer) : answer
    } catch (cause) {
      throw reportFailure({ engine, report, operation }, cause)
    }
  }
  return {
    load: (id) => guard('load', () => engine.load(id)),
    exists: (id) => guard('exists', () => engine.exists(id)),
    create: (id, record) => guard('create', () => engine.create(id, record)),
    save: (id, record, version) => guard('save', () => engine.save(id, record, version)),
    touch: (id, record, version) => guard('touch', () => engine.touch(id, record, version)),
    delete: (id, version) => guard('delete', () => engine.delete(id, version)),
  }
}

/** Reports what an engine failed with, and returns what the application gets of it: a `SessionError` in any case. */
export function reportFailure(
  call: { readonly engine: SessionEngine; readonly report: Report; readonly operation: string },
  cause: unknown,
): Error {
  const { engine, report, operation } = call
  const error = isSessionError(cause)
    ? cause
    : new SessionEngineError({ engine: engine.name ?? 'session', operation, cause })
  report?.({ type: 'error', error })
  return error
}
