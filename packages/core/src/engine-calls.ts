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
      const error = toEngineError(engine, operation, cause)
      report({ type: 'error', error })
      throw error
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

/** What the application gets of a failure: the engine's own `SessionError`, or one that wraps it. */
export function toEngineError(engine: SessionEngine, operation: string, cause: unknown): Error {
  if (isSessionError(cause)) return cause
  return new SessionEngineError({ engine: engine.name ?? 'session', operation, cause })
}
