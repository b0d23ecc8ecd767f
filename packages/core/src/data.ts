/**
 * What an application keeps in its sessions. Augment it where a framework has only global types:
 *
 * @example
 * declare module '@sessions/core' {
 *   interface SessionData { userId: string; views: number }
 * }
 */
export interface SessionData {}

/** `SessionData` where it was augmented; any string key otherwise. */
// `any`, so that what is read of an untyped session can be used at once: `session.get('views', 0) + 1`.
// oxlint-disable-next-line typescript/no-explicit-any
export type DefaultData = [keyof SessionData] extends [never] ? Record<string, any> : SessionData

/** The string keys of an application's data. */
export type Key<D> = keyof D & string

/** A dictionary by its own keys alone: it has no prototype, so `__proto__` and `toString` are keys like any other. */
export type Dictionary = Record<string, unknown>
