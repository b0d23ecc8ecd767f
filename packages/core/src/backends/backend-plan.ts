import type { Draft } from '../records/record-format.ts'
import { deadline, endsWithBrowser, isRenewalDue } from '../session/expiry.ts'
import type { SessionState } from '../session/session-state.ts'
import { changedText } from '../session/unseen-changes.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { type CommitPlan, type CommitState, planCommit } from './plan.ts'

/** A plan, with the time and the text that planning determined. */
export interface BackendPlan extends CommitPlan, Draft {}

/** What planning needs besides the session's state. */
interface PlanDetails {
  /** The response's status. */
  readonly status: number
  /** Whether `save()` was called, which stores the session even if it has not changed. */
  readonly explicit: boolean
  /** Whether the request came with a cookie of the session's name. */
  readonly cameWithCookie: boolean
  /** With a cookie engine: whether the cookie must be sealed again, and when it was sealed, if the engine says so. */
  readonly sealed?: { readonly renew: boolean; readonly at: number | undefined }
}

/** Plans what to store, and which cookie to send. */
export function planFor(
  state: SessionState,
  settings: ResolvedSettings,
  details: PlanDetails,
): BackendPlan {
  const known = details.explicit || state.log.modified
  const possible = !known && state.shared && details.status < 500
  const text = possible ? changedText(state) : undefined
  const now = settings.clock.now()
  const facts = commitState(state, settings, details, { now, changed: known || text !== undefined })
  // Once the headers are sent, changes are still stored, but no deadline is moved.
  const saveEveryRequest = settings.saveEveryRequest && !state.committed
  const { end, write, cookie } = planCommit(facts, { saveEveryRequest }, details)
  return { end, write, cookie, text, now }
}

function commitState(
  state: SessionState,
  settings: ResolvedSettings,
  { explicit, cameWithCookie, sealed }: PlanDetails,
  { now, changed }: { readonly now: number; readonly changed: boolean },
): CommitState {
  const { log, stored } = state
  return {
    cameWithCookie,
    stored: stored !== undefined,
    filled: state.filled || (explicit && !state.flushed),
    accessed: state.accessed,
    changed,
    rotated: log.rotated,
    flushDue: state.flushDue,
    dead: (changed || log.rotated) && deadline(state, now, state.origin.policy) <= now,
    // A save moves the deadline anyway.
    renewalDue:
      !changed &&
      state.accessed &&
      !state.committed &&
      (sealed?.renew === true || renewalDue(state, settings, { now, sealedAt: sealed?.at })),
    resends: sealed !== undefined || !endsWithBrowser(state.expiry, state.origin.policy),
    rotatedAway: state.rotatedAway,
  }
}

function renewalDue(
  state: SessionState,
  settings: ResolvedSettings,
  { now, sealedAt }: { readonly now: number; readonly sealedAt: number | undefined },
): boolean {
  const { stored, expiry, created } = state
  if (settings.renewAfter === undefined || stored === undefined) return false
  const session = { expiry, created, expiresAt: stored.expiresAt, sealedAt }
  return isRenewalDue(session, now, state.origin.policy, settings.renewAfter)
}

/** Whether a plan makes no engine call. */
export function storesNothing(plan: CommitPlan): boolean {
  return !plan.end && plan.write === 'none'
}
