/** The facts about a session that decide what its response does with it. */
export interface CommitState {
  /** The request came with a cookie of the session's name. */
  readonly cameWithCookie: boolean
  /** The session has a stored record. */
  readonly stored: boolean
  /** It holds data or its own expiry. */
  readonly filled: boolean
  readonly accessed: boolean
  /** It differs from what is stored, or `modified` was set to true. */
  readonly changed: boolean
  /** `cycleKey()` was called. */
  readonly rotated: boolean
  /** `flush()` was called, and is not carried out yet. */
  readonly flushDue: boolean
  /** If it were saved now, it would already be expired. */
  readonly dead: boolean
  /** The session was read, and `renewAfter` says to move its deadline now. */
  readonly renewalDue: boolean
  /** A touch must send the cookie again, because the cookie has a lifetime or contains the record itself. */
  readonly resends: boolean
  /** The cookie's key was rotated by another request, whose response sets the new cookie. */
  readonly rotatedAway: boolean
}

/** What to do with a session and its cookie. */
export interface CommitPlan {
  /** Whether to delete the stored session; after `flush()`, every session that the client's cookies name. */
  readonly end: boolean
  /** The call that stores the session. */
  readonly write: 'none' | 'create' | 'save' | 'touch' | 'rotate'
  /** What to do with the client's cookie. */
  readonly cookie: 'none' | 'set' | 'expire'
}

/** Decides what a response does with its session, as Django's middleware does, with the differences in the root README. */
export function planCommit(
  state: CommitState,
  settings: { readonly saveEveryRequest: boolean },
  response: { readonly status: number },
): CommitPlan {
  const ok = response.status < 500
  const touch = state.stored && (settings.saveEveryRequest || state.renewalDue)
  const write = ok ? planWrite(state, touch) : 'none'
  const dies = ok && state.dead && (state.changed || state.rotated)
  const end = state.flushDue || (dies && state.stored)
  const sends =
    write !== 'none' && (write !== 'touch' || settings.saveEveryRequest || state.resends)
  const cookie = sends
    ? 'set'
    : state.cameWithCookie && expires(state, end || dies)
      ? 'expire'
      : 'none'
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

/** Whether the client's cookie no longer names a session. */
function expires(state: CommitState, ended: boolean): boolean {
  return ended || (state.accessed && !state.stored && !state.filled && !state.rotatedAway)
}
