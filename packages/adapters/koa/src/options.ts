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
