import type { Dictionary } from '../data.ts'
import { type Content, emptyDictionary, readPayload } from '../payload/payload.ts'
import { type Change, ChangeLog, type Update } from '../session/change-log.ts'
import type { SessionState } from '../session/session-state.ts'

/** A request's session, as far as a replay needs it. */
export interface Replayable extends Content {
  readonly log: ChangeLog
  /** Whether the application held objects of the dictionary, and may have changed them unseen. */
  readonly shared: boolean
  /** The dictionary as this request loaded it. */
  readonly base: Dictionary
  /** The text of a value, to compare values by. */
  readonly dumps: (value: unknown) => string
}

/** The session after a replay. */
export interface Rebased extends Content {
  /** What to replay should yet another request have been faster. */
  readonly log: ChangeLog
}

/**
 * Replays what a request did to its session on what another one stored meanwhile: its own top-level keys, its `clear`,
 * its expiry. Values are never merged. Undefined where the two sessions belong to different users.
 */
export function rebase(mine: Replayable, theirs: Content): Rebased | undefined {
  if (belongToDifferentUsers(mine, theirs.data)) return undefined
  const log = mine.log.followedBy(new ChangeLog())
  const data = log.cleared ? emptyDictionary() : takenOver(mine, theirs.data)
  for (const [key, change] of changesOf(mine)) {
    const again = runsAgain(mine, key, change)
    const value = again
      ? change.updates.reduce<unknown>((current, update) => update(current), data[key])
      : mine.data[key]
    if (value === undefined) delete data[key]
    else data[key] = value
    if (again) log.replayed(key, textOf(value, mine.dumps))
    else log.replace(key)
  }
  return {
    data,
    log,
    expiry: log.expirySet || log.cleared ? mine.expiry : theirs.expiry,
    created: theirs.created ?? mine.created,
    foreign: log.cleared ? undefined : theirs.foreign,
  }
}

/** Who is logged in, as Django notes it. */
export function userOf(data: Dictionary): unknown {
  return data['_auth_user_id']
}

/** Whether a request had another user than what was stored meanwhile: when it loaded its session, or by now. */
export function belongToDifferentUsers(
  mine: Pick<Replayable, 'base' | 'data' | 'dumps'>,
  theirs: Dictionary,
): boolean {
  const user = userOf(theirs)
  return [mine.base, mine.data].some((data) => {
    const own = userOf(data)
    return user !== undefined && own !== undefined && !sameValue(own, user, mine.dumps)
  })
}

/**
 * Whether the application has changed a key's value in place, or through `data`, since the session was read or written, or
 * `modify` computed it. If so, running `modify` again on another request's value would lose the change.
 */
export function changedUnseen(state: SessionState, key: string): boolean {
  const { shared, data, log, stored, origin, written = stored?.text } = state
  if (!shared) return false
  const dumps = (value: unknown): string => origin.serializer.dumps(value)
  const change = log.keys.get(key)
  if (change !== undefined) return textOf(data[key], dumps) !== change.outcome
  if (written === undefined) return key in data
  const base = readPayload(origin.serializer.loads(written))
  return !sameValue(data[key], base?.data[key], dumps)
}

/** The text of a value to compare it by. Undefined where there is none, or one that cannot be stored: the save will say so. */
export function textOf<T>(value: T, dumps: (value: T) => string): string | undefined {
  if (value === undefined) return undefined
  try {
    return dumps(value)
  } catch {
    return undefined
  }
}

/** What the other one stored. A value that is the same here stays the object that the application may hold. */
function takenOver(mine: Replayable, theirs: Dictionary): Dictionary {
  const data = Object.assign(emptyDictionary(), theirs)
  if (!mine.shared) return data
  for (const key in data) {
    const value = mine.data[key]
    if (sameValue(value, data[key], mine.dumps)) data[key] = value
  }
  return data
}

/** The keys that were changed by name, and those that differ from what was loaded. */
function changesOf(mine: Replayable): Iterable<[string, Change | undefined]> {
  const changes = new Map<string, Change | undefined>(mine.log.keys)
  if (!mine.shared) return changes
  const base = mine.log.cleared ? emptyDictionary() : mine.base
  for (const key of [...Object.keys(base), ...Object.keys(mine.data)]) {
    if (changes.has(key)) continue
    const same =
      key in base === key in mine.data && sameValue(base[key], mine.data[key], mine.dumps)
    if (!same) changes.set(key, undefined)
  }
  return changes
}

/** Whether the functions of `modify` run again: not where what they produced was changed in place afterwards. */
function runsAgain(
  mine: Replayable,
  key: string,
  change: Change | undefined,
): change is Change & { readonly updates: readonly Update[] } {
  return change?.updates !== undefined && textOf(mine.data[key], mine.dumps) === change.outcome
}

/** Whether two values are stored as the same text. */
export function sameValue(a: unknown, b: unknown, dumps: (value: unknown) => string): boolean {
  return a === b || textOf(a, dumps) === textOf(b, dumps)
}
