import type { Context } from 'hono'

/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether to load the session before the handler runs, for every request with a well-formed cookie; `c.var.session` is
   * then typed as loaded. This alone sets no header, but costs each of these requests a call to the store.
   *
   * @default false
   */
  readonly eager?: boolean | undefined

  /**
   * Whether the client came over https. Hono has no setting for trusted proxies: behind a proxy that terminates TLS, check
   * its header here, provided that clients cannot forge it. With `cookie.secure: 'auto'`, cookies are Secure even without
   * this option, except on localhost.
   *
   * @default the scheme of the request's URL
   * @example
   * sessions(settings, { https: (c) => c.req.header('x-forwarded-proto') === 'https' })
   */
  readonly https?: ((c: Context) => boolean) | undefined
}
