/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether to load the session before the handler runs, for every request with a well-formed cookie; `ctx.session` is then
   * typed as loaded. This alone sets no header, but costs each of these requests a call to the store.
   *
   * @default false
   */
  readonly eager?: boolean | undefined
}
