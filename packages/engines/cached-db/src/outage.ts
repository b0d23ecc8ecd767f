import { isSessionError, SessionEngineError, type SessionError } from '@sessions/core'

/** The calls to a cache. */
export type Operation = 'load' | 'create' | 'save' | 'delete'

/** Reports each outage once. */
export interface Outage {
  readonly failed: (operation: Operation, cause: unknown) => void
  /** Not called for loads: each load that fails is followed by a delete. */
  readonly worked: (operation: Exclude<Operation, 'load'>) => void
}

/** Which operations work or fail together: a cache that is full still reads and deletes. */
const kinds = { load: 'reads', delete: 'reads', create: 'writes', save: 'writes' } as const

/**
 * An outage begins when a call fails, and is over when one of its kind works again.
 *
 * @param engine The cache's name in errors.
 * @param onCacheError Is told when an outage begins.
 */
export function outages(engine: string, onCacheError: (error: SessionError) => unknown): Outage {
  let failing: (typeof kinds)[Operation] | undefined
  return {
    failed(operation, cause) {
      if (failing !== undefined) return
      failing = kinds[operation]
      // A log that fails must not fail a request that a failing cache does not.
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
