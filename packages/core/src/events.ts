/**
 * An event for the application's log. `handle` identifies the session and is safe to log; no event contains a session key
 * or session data.
 *
 * - `created`: a new session was stored
 * - `rotated`: a session's key was exchanged for a new one; `handle` is that of the new key
 * - `ended`: a session was deleted
 * - `expired`: a cookie named a session that is past its `absoluteAge`, or, with a cookie engine, past its deadline. A
 *   server-side store cannot tell an expired session from one that never existed: both are `rejected` as `unknown`
 * - `conflict`: a concurrent request had saved the session first; `onConflict` decides what follows
 * - `rejected`: a cookie held a key that is unknown, malformed, or was rotated (`reason`); a malformed key has no handle
 * - `suspicious`: a payload does not verify or decode (`error`), and counts as empty
 * - `insecure`: a Secure cookie was sent over plain http, where browsers drop it; reported once per manager. A proxy that
 *   terminates TLS, and that the framework does not trust, looks the same: the cookie then works
 * - `error`: the store failed (`error`)
 */
export type SessionEvent =
  | {
      readonly type: 'created' | 'rotated' | 'ended' | 'expired' | 'conflict'
      readonly handle: string
    }
  | { readonly type: 'rejected'; readonly reason: 'unknown' | 'rotated'; readonly handle: string }
  | { readonly type: 'rejected'; readonly reason: 'malformed'; readonly handle?: undefined }
  | { readonly type: 'suspicious'; readonly handle: string; readonly error: unknown }
  | { readonly type: 'insecure'; readonly host: string | undefined; readonly handle?: undefined }
  | { readonly type: 'error'; readonly handle?: string | undefined; readonly error: unknown }

/** Reports an event. Undefined without `onEvent`: callers use `report?.(…)`, so that no handle is hashed for nothing. */
export type Report = ((event: SessionEvent) => void) | undefined

/** Wraps the `onEvent` setting so that it neither throws nor rejects. */
export function reporter(onEvent: ((event: SessionEvent) => unknown) | undefined): Report {
  if (onEvent === undefined) return undefined
  return (event) => {
    // A failing log must neither change the response, since the session may be stored by now, nor end the process.
    try {
      Promise.resolve(onEvent(event)).catch(() => {})
    } catch {}
  }
}
