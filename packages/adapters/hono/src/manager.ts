import { managerOf, type Sessions, type SessionsOf } from '@sessions/core'
import type { Context } from 'hono'

/** Stands in for `c.env`, which some runtimes do not have. */
const NO_ENVIRONMENT = {}

/** Returns the function that finds the manager for a request. */
export function managerPerContext<D extends object>(
  source: SessionsOf<D> | ((c: Context) => SessionsOf<D>),
): (c: Context) => Sessions<D> {
  if (typeof source === 'function') return perEnvironment(source)
  const manager = managerOf(source)
  return () => manager
}

/**
 * Calls `choose` as often as its answer may differ. If it read only `c.env`, the answer is kept for that environment, which
 * on edge runtimes lives as long as the isolate. Otherwise it is kept for the request: the answer may depend on a tenant's
 * host name, even if `choose` read nothing here, but called Hono's `getContext()`.
 */
function perEnvironment<D extends object>(
  choose: (c: Context) => SessionsOf<D>,
): (c: Context) => Sessions<D> {
  const byRequest = new WeakMap<Context, Sessions<D>>()
  const byEnvironment = new WeakMap<object, Sessions<D>>()

  return (c) => {
    const environment = c.env ?? NO_ENVIRONMENT
    const kept = byRequest.get(c) ?? byEnvironment.get(environment)
    if (kept !== undefined) return kept
    const read = new Set<PropertyKey>()
    const manager = managerOf(choose(watched(c, read)))
    if (read.size === 1 && read.has('env')) byEnvironment.set(environment, manager)
    else byRequest.set(c, manager)
    return manager
  }
}

/** The context, recording which of its members are read. */
function watched(c: Context, read: Set<PropertyKey>): Context {
  return new Proxy(c, {
    get(target, member) {
      read.add(member)
      // Not through the proxy, on which the private fields of a context cannot be read.
      return Reflect.get(target, member, target)
    },
  })
}
