import type { Session, UnloadedSession } from '@sessions/core'

/**
 * How an application mounts its sessions, as far as the type of `req.session` depends on it. Augment it if all mounts have
 * `{ eager: true }`.
 *
 * @example
 * declare module '@sessions/express' {
 *   interface SessionsMounted { eager: true }
 * }
 */
export interface SessionsMounted {}

/** The type of `req.session`: unloaded, unless `SessionsMounted` says otherwise. */
export type MountedSession = SessionsMounted extends { readonly eager: true }
  ? Session
  : UnloadedSession

/**
 * What a mount adds to a request. Express's interface extends this, instead of declaring the member itself, so that the type
 * from `@types/express-session` wins if a project still has it: `unknown` is compatible with any type.
 */
interface WithSession {
  /** The session of the request. The first access opens it; its `load()` reads the data. */
  session: 'sessionStore' extends keyof Express.Request ? unknown : MountedSession
}

declare global {
  namespace Express {
    interface Request extends WithSession {}
  }
}
