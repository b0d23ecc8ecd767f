import type { Session, UnloadedSession } from '@sessions/core'

/**
 * How an application mounts its sessions, as far as the type of `req.session` depends on it. To be augmented if that is
 * with `{ eager: true }`.
 *
 * @example
 * declare module '@sessions/express' {
 *   interface SessionsMounted { eager: true }
 * }
 */
export interface SessionsMounted {}

/** What `req.session` is: not loaded yet, unless `SessionsMounted` was told otherwise. */
export type MountedSession = SessionsMounted extends { readonly eager: true }
  ? Session
  : UnloadedSession

/**
 * What a mount adds to a request. As a base of Express's own interface, and not a member of it, it gives way to the type that
 * `@types/express-session` declares, if a project still has it: `unknown` agrees with whatever that is.
 */
interface WithSession {
  /** The session of the request. The first look at it opens it; data is read by its `load()`. */
  session: 'sessionStore' extends keyof Express.Request ? unknown : MountedSession
}

declare global {
  namespace Express {
    interface Request extends WithSession {}
  }
}
