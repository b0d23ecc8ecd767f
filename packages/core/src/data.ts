/**
 * The type of an application's session data. Augment it for frameworks whose types are global, such as Express:
 *
 * @example
 * declare module '@sessions/core' {
 *   interface SessionData { _auth_user_id: string; views: number }
 * }
 */
export interface SessionData {}

/** `SessionData` if the application has augmented it; any string key otherwise. */
// `any`, so that untyped sessions need no casts: `session.get('views', 0) + 1`.
// oxlint-disable-next-line typescript/no-explicit-any
export type DefaultData = [keyof SessionData] extends [never] ? Record<string, any> : SessionData

/** The string keys of an application's data. */
export type Key<D> = keyof D & string

/** An object without a prototype, so that `__proto__` and `toString` are keys like any other. */
export type Dictionary = Record<string, unknown>
