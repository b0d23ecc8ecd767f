import type { DefaultData, Sessions, Settings } from '@sessions/core'

/** What the sessions of an application are made from: settings, or a manager that `createSessions` made of them. */
export type SessionsOf<D extends object = DefaultData> = Settings<D> | Sessions<D>

/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether the session is loaded before the handler runs, wherever a well-formed cookie came; `ctx.session` is then
   * typed as loaded. On its own this sets no header, but costs each of these requests a call to the store.
   *
   * @default false
   */
  readonly eager?: boolean | undefined
}
