import type { Context } from 'hono'

/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether the session is loaded before the handler runs, wherever a well-formed cookie came; `c.var.session` is then
   * typed as loaded. On its own this sets no header, but costs each of these requests a call to the store.
   *
   * @default false
   */
  readonly eager?: boolean | undefined

  /**
   * Whether the client came over https. Hono has no setting for trusted proxies: behind one that ends TLS, look at its
   * header here, if clients cannot forge it. With `cookie.secure: 'auto'` cookies are Secure without that, too.
   *
   * @default the scheme of the request's URL
   * @example
   * sessions(settings, { https: (c) => c.req.header('x-forwarded-proto') === 'https' })
   */
  readonly https?: ((c: Context) => boolean) | undefined
}
