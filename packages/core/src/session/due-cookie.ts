import { endsWithBrowser } from './expiry.ts'
import type { SessionState } from './session-state.ts'

/** The cookie that the next response must set, with its lifetime in seconds (undefined: browser-length), or expire. */
export type DueCookie = { readonly maxAge: number | undefined } | 'expire'

/** The cookie for a record that was stored at `now`. */
export function dueCookie(state: SessionState, expiresAt: number, now: number): DueCookie {
  if (endsWithBrowser(state.expiry, state.origin.policy)) return { maxAge: undefined }
  return { maxAge: Math.max(1, Math.floor((expiresAt - now) / 1000)) }
}
