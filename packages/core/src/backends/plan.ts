/** What is known of a session when its response is about to leave. */
export interface CommitState {
  /** The request brought a cookie of the session's name. */
  readonly cookie: boolean
  /** A record stands behind the session. */
  readonly stored: boolean
  /** It holds data or an expiry of its own. */
  readonly filled: boolean
  readonly accessed: boolean
  /** It differs from what is stored, or was said to. */
  readonly changed: boolean
  /** `cycleKey()` was called. */
  readonly rotated: boolean
  /** `flush()` was called. */
  readonly flushed: boolean
  /** Saved now, it would be expired at once. */
  readonly dead: boolean
  /** A read should move its deadline now: the `renewAfter` setting. */
  readonly renewalDue: boolean
  /** A touch sends the cookie again: it outlives the browser, or holds the record itself. */
  readonly resends: boolean
  /** The cookie's key was rotated by another request, whose response carries the better one. */
  readonly rotatedAway: boolean
}

/** What to do about it. */
export interface CommitPlan {
  /** Delete what the client's keys lead to. */
  readonly end: boolean
  /** The call that stores the session. */
  readonly write: 'none' | 'create' | 'save' | 'touch' | 'rotate'
  /** What becomes of the client's cookie. */
  readonly cookie: 'none' | 'set' | 'expire'
}

/** Decides what a response does with its session (Django's middleware, and the differences that the README lists). */
export function planCommit(
  state: CommitState,
  settings: { readonly saveEveryRequest: boolean },
  response: { readonly status: number },
): CommitPlan {
  const ok = response.status < 500
  const touch = state.stored && (settings.saveEveryRequest || state.renewalDue)
  const write = ok ? planWrite(state, touch) : 'none'
  const dies = ok && state.dead && (state.changed || state.rotated)
  const end = state.flushed || (dies && state.stored)
  const sends =
    write !== 'none' && (write !== 'touch' || settings.saveEveryRequest || state.resends)
  const cookie = sends ? 'set' : state.cookie && expires(state, end || dies) ? 'expire' : 'none'
  return { end, write, cookie }
}

function planWrite(state: CommitState, touch: boolean): CommitPlan['write'] {
  if (state.changed || state.rotated) {
    if (state.dead) return 'none'
    if (state.stored) return state.rotated ? 'rotate' : 'save'
    return state.filled || state.rotated ? 'create' : 'none'
  }
  return touch ? 'touch' : 'none'
}

/** Whether the client's cookie leads to nothing any more. */
function expires(state: CommitState, ended: boolean): boolean {
  return ended || (state.accessed && !state.stored && !state.filled && !state.rotatedAway)
}
