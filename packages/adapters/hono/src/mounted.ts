import type { Sessions, UnloadedSession } from '@sessions/core'
import type { Context } from 'hono'

/** The sessions of a request as a list, innermost first: one for each manager that is mounted on its route. */
interface Mounted {
  readonly manager: unknown
  readonly session: unknown
  readonly outer: Mounted | undefined
}

/**
 * The key of that list in the variables of the context, which applications do not use. Copies of this package share it: an
 * application may load one by `import` and one by `require`.
 */
const MOUNTED: unique symbol = Symbol.for('@sessions/hono') as never

interface Variables {
  get(key: typeof MOUNTED): Mounted | undefined
  set(key: typeof MOUNTED, mounted: Mounted): void
}

/** The session that a manager has opened for this request. */
export function mountedSession<D extends object>(
  c: Context,
  manager: Sessions<D>,
): UnloadedSession<D> | undefined {
  let mounted = (c as Variables).get(MOUNTED)
  while (mounted !== undefined && mounted.manager !== manager) mounted = mounted.outer
  return mounted?.session as UnloadedSession<D> | undefined
}

/** Opens the session of this request. */
export function openSession<D extends object>(
  c: Context,
  manager: Sessions<D>,
): UnloadedSession<D> {
  const variables = c as Variables
  const session = manager.openFromCookies(c.req.raw.headers.get('cookie'))
  variables.set(MOUNTED, { manager, session, outer: variables.get(MOUNTED) })
  return session
}
