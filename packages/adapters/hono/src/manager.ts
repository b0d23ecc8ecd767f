import { managerOf, type Sessions, type SessionsOf } from '@sessions/core'
import type { Context } from 'hono'

/** In place of `c.env`, which some runtimes do not have. */
const NO_ENVIRONMENT = {}

/** What finds the manager of a request. */
export function managerPerContext<D extends object>(
  source: SessionsOf<D> | ((c: Context) => SessionsOf<D>),
): (c: Context) => Sessions<D> {
  if (typeof source === 'function') return perEnvironment(source)
  const manager = managerOf(source)
  return () => manager
}

/**
 * Calls the function as seldom as is safe: again only if what it read of the context differs. If it read nothing,
 * its answer holds for good; if it read `c.env`, for that environment, which an edge runtime keeps for as long as the
 * isolate lives; if it read anything else, a tenant's host name for example, for that request alone.
 */
function perEnvironment<D extends object>(
  choose: (c: Context) => SessionsOf<D>,
): (c: Context) => Sessions<D> {
  const known = new WeakMap<object, Sessions<D>>()
  let constant: Sessions<D> | undefined

  return (c) => {
    const environment = c.env ?? NO_ENVIRONMENT
    const before = constant ?? known.get(environment)
    if (before !== undefined) return before
    const read = new Set<PropertyKey>()
    const manager = managerOf(choose(watched(c, read)))
    if (read.size === 0) constant = manager
    else if (read.size === 1 && read.has('env')) known.set(environment, manager)
    return manager
  }
}

/** The context, noting which of its members are read. */
function watched(c: Context, read: Set<PropertyKey>): Context {
  return new Proxy(c, {
    get(target, member) {
      read.add(member)
      // Not through the proxy: the members of a context are private to it.
      return Reflect.get(target, member, target)
    },
  })
}
