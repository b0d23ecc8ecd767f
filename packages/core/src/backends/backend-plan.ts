import type { Draft, RecordFormat } from '../records/record-format.ts'
import { deadline, endsWithBrowser, isRenewalDue } from '../session/expiry.ts'
import type { SessionState } from '../session/session-state.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { type CommitPlan, type CommitState, planCommit } from './plan.ts'

/** A plan, and what became known by it. */
export interface BackendPlan extends CommitPlan, Draft {}

/** What a backend knows of a session beside its state, when it plans. */
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
): BackendPlan {
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

/** Whether a plan leaves what is stored as it is. */
export function storesNothing(plan: CommitPlan): boolean {
  return !plan.end && plan.write === 'none'
}
