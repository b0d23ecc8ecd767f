import { isSessionError, SessionEngineError, type SessionError } from '@sessions/core'

/** The calls to a cache. */
export type Operation = 'load' | 'create' | 'save' | 'delete'

/** Reports each outage once. */
export interface Outage {
  readonly failed: (operation: Operation, cause: unknown) => void
  /** Not called for loads: each failed load is followed by a delete, which shows when reads work again. */
  readonly worked: (operation: Exclude<Operation, 'load'>) => void
}

/** Which operations work or fail together: a cache that is full still reads and deletes. */
const kinds = { load: 'reads', delete: 'reads', create: 'writes', save: 'writes' } as const

/**
 * Tracks outages. One begins when a call fails, and ends when a call of the same kind works again.
 *
 * @param engine The cache's name in errors.
 * @param onCacheError Called when an outage begins.
 */
export function outages(engine: string, onCacheError: (error: SessionError) => unknown): Outage {
  let failing: (typeof kinds)[Operation] | undefined
  return {
    failed(operation, cause) {
      if (failing !== undefined) return
      failing = kinds[operation]
      // An error of the callback must not make the request fail, which survives the failure of the cache.
      try {
        const error = isSessionError(cause)
          ? cause
          : new SessionEngineError({ engine, operation, cause })
        Promise.resolve(onCacheError(error)).catch(() => undefined)
      } catch {}
    },
    worked(operation) {
      if (failing !== undefined && failing === kinds[operation]) failing = undefined
    },
  }
}
