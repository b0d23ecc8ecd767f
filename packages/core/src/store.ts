import { readChunks, type SessionCookies } from './cookie-chunks.ts'
import type { MaybePromise } from './engine.ts'
import { deadline, endsWithBrowser, isRenewalDue } from './expiry.ts'
import { type CommitPlan, type CommitState, planCommit } from './plan.ts'
import type { RecordFormat } from './record.ts'
import type { ResolvedSettings } from './settings.ts'
import type { DueCookie, SessionState } from './state.ts'

/** How many cookies of one name are tried, of those that are well-formed: each may cost an engine call. */
export const MOST_CANDIDATES = 4

/** Where sessions are loaded from and committed to: on a server by a `SessionEngine`, in the browser by a `CookieEngine`. */
export interface Store {
  /** Reads the data, unless that was done. */
  load(state: SessionState): MaybePromise<void>
  /** Whether a record stands behind the session. */
  exists(state: SessionState): Promise<boolean>
  /** Carries out the plan of a response. Synchronous where nothing is stored outside of the cookie. */
  commit(state: SessionState, response: { readonly status: number }): MaybePromise<void>
  /** Carries out every mark, and stores the session. */
  save(state: SessionState): Promise<void>
  /** The ids under which a server's engine may have a session, or the one with that key, whoever rotated it meanwhile. */
  idsOf(session: SessionState | string): Promise<readonly string[]>
}

/** The session cookies that a request came with, whose values may be split into `chunks`. They are looked for once. */
export function sessionCookies(state: SessionState, name: string, chunks = 1): SessionCookies {
  const { request } = state
  if (request === undefined) return NO_COOKIES
  if ('key' in request) return { names: [], values: [request.key], splits: [] }
  return (state.cookies ??= readChunks(request.cookieHeader, name, chunks))
}

const NO_COOKIES: SessionCookies = Object.freeze({ names: [], values: [], splits: [] })

/** What became known of a session by planning: when that was, and its text where that had to be written for it. */
export interface Draft {
  readonly now: number
  readonly text?: string | undefined
}

/** A plan, and what became known by it. */
export interface StorePlan extends CommitPlan, Draft {}

/** What a store knows of a session beside its state, when it plans. */
interface PlanDetails {
  /** The response's status. */
  readonly status: number
  /** Whether it is an explicit `save()`, which counts as a change of whatever there is. */
  readonly explicit: boolean
  /** Whether the request brought a cookie of the session's name. */
  readonly cookie: boolean
  /** Where the record lives in the cookie itself: whether that is to be sealed anew. */
  readonly sealed?: { readonly renew: boolean }
  readonly format: RecordFormat
}

/** Plans what becomes of a session. */
export function planFor(
  state: SessionState,
  settings: ResolvedSettings,
  details: PlanDetails,
): StorePlan {
  const seen = details.explicit || state.log.modified
  const unseen = !seen && state.shared && details.status < 500
  const text = unseen ? details.format.changedText(state) : undefined
  const now = settings.clock.now()
  const facts = commitState(state, settings, details, { now, changed: seen || text !== undefined })
  // What comes after the headers stores changes, and renews nothing.
  const saveEveryRequest = settings.saveEveryRequest && !state.committed
  const { end, write, cookie } = planCommit(facts, { saveEveryRequest }, details)
  return { end, write, cookie, text, now }
}

function commitState(
  state: SessionState,
  settings: ResolvedSettings,
  { explicit, cookie, sealed }: PlanDetails,
  { now, changed }: { readonly now: number; readonly changed: boolean },
): CommitState {
  const { log, stored } = state
  return {
    cookie,
    stored: stored !== undefined,
    filled: state.filled || (explicit && !state.flushed),
    accessed: state.accessed,
    changed,
    rotated: log.rotated,
    flushed: state.flushDue,
    dead: (changed || log.rotated) && deadline(state, now, state.origin.policy) <= now,
    // A session that is saved needs no renewal.
    renewalDue:
      !changed &&
      state.accessed &&
      !state.committed &&
      (sealed?.renew === true || renewalDue(state, settings, now)),
    resends: sealed !== undefined || !endsWithBrowser(state.expiry, state.origin.policy),
    rotatedAway: state.rotatedAway,
  }
}

function renewalDue(state: SessionState, settings: ResolvedSettings, now: number): boolean {
  const { stored, expiry, created } = state
  if (settings.renewAfter === undefined || stored === undefined) return false
  const session = { expiry, created, expiresAt: stored.expiresAt }
  return isRenewalDue(session, now, state.origin.policy, settings.renewAfter)
}

/** The cookie for a record that was stored at `now`. */
export function dueCookie(state: SessionState, expiresAt: number, now: number): DueCookie {
  if (endsWithBrowser(state.expiry, state.origin.policy)) return { maxAge: undefined }
  return { maxAge: Math.max(1, Math.floor((expiresAt - now) / 1000)) }
}

/** Whether a plan leaves what is stored as it is. */
export function storesNothing(plan: CommitPlan): boolean {
  return !plan.end && plan.write === 'none'
}
