/**
 * Something worth a line in a log. `handle` tells which session, and is safe to write down; no event holds a key or data.
 *
 * - `created`: a new session was stored · `rotated`: its key was exchanged for a new one, `handle` is the new one's
 * - `ended`: it was deleted
 * - `expired`: a cookie named one whose time is over, as far as can be seen: in a cookie engine's cookie, or by `absoluteAge`.
 *   An engine on the server does not tell what has expired from what never was, which is `rejected` as `unknown`
 * - `conflict`: a concurrent request had changed it; this one's changes are replayed
 * - `rejected`: a cookie held an unknown or malformed key (`reason`); of a malformed one there is no handle
 * - `suspicious`: its payload does not verify or decode, and counts as empty · `insecure`: a Secure cookie was sent over plain
 *   http, where browsers drop it; reported once
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

/** Tells the application. Undefined where it does not listen: then no handle is computed for it. */
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
