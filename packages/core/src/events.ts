/**
 * Something worth a line in a log. `handle` identifies the session and is safe to log; no event holds a key or data.
 *
 * - `created`: a new session was stored
 * - `rotated`: its key was exchanged for a new one, to which `handle` belongs
 * - `ended`: it was deleted
 * - `expired`: a cookie named a session that is over, by `absoluteAge` or by the deadline in a cookie engine's
 *   cookie. An engine on the server cannot tell an expired session from one that never was: both are `rejected` as
 *   `unknown`
 * - `conflict`: a concurrent request had changed the session; this request's changes are replayed
 * - `rejected`: a cookie held a key that is unknown or malformed, or was rotated (`reason`); a malformed key has no
 *   handle
 * - `suspicious`: the payload does not verify or decode, and counts as empty
 * - `insecure`: a Secure cookie was sent over plain http, where browsers drop it; reported once
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

/** Tells the application. Undefined if it does not listen, so that no handle is computed in vain. */
export type Report = ((event: SessionEvent) => void) | undefined

/** The `onEvent` setting as the core calls it: a failure to listen must not fail a request. */
export function reporter(onEvent: ((event: SessionEvent) => unknown) | undefined): Report {
  if (onEvent === undefined) return undefined
  return (event) => {
    // The session is stored or not by now: a log that fails must not change what the client is told, or end the process.
    try {
      Promise.resolve(onEvent(event)).catch(() => {})
    } catch {}
  }
}
