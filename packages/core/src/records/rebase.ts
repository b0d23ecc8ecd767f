import type { Dictionary } from '../data.ts'
import { type Content, emptyDictionary } from '../payload/payload.ts'
import { sameValue, textOf } from '../payload/value-text.ts'
import { type Change, ChangeLog, type Update } from '../session/change-log.ts'

/** What a replay needs of a request's session. */
export interface Replayable extends Content {
  readonly log: ChangeLog
  /** Whether the application got hold of the dictionary or an object inside, and may have changed it in place. */
  readonly shared: boolean
  /** The dictionary as this request last loaded or stored it. */
  readonly base: Dictionary
  /** Serialises a value; values are compared by their text. */
  readonly dumps: (value: unknown) => string
}

/** The session after a replay. */
export interface Rebased extends Content {
  /** The changes to replay if saving meets another conflict. */
  readonly log: ChangeLog
}

/**
 * Replays a request's changes (top-level keys, `clear`, the expiry) on what another request has stored. The values of a key
 * are never merged. Returns undefined if the two sessions belong to different users.
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

/** The id of the logged-in user, under Django's key. */
export function userOf(data: Dictionary): unknown {
  return data['_auth_user_id']
}

/** Whether the session that was stored meanwhile has another user than this request's session, as loaded or as it is now. */
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

/** Copies what the other request stored, but keeps this request's object for an equal value: the application may hold it. */
function takenOver(mine: Replayable, theirs: Dictionary): Dictionary {
  const data = Object.assign(emptyDictionary(), theirs)
  if (!mine.shared) return data
  for (const key in data) {
    const value = mine.data[key]
    if (sameValue(value, data[key], mine.dumps)) data[key] = value
  }
  return data
}

/** The changes in the log, and the keys whose values were changed in place or through `data`. */
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

/** Whether to run the functions of `modify` again: not if their result was changed in place afterwards. */
function runsAgain(
  mine: Replayable,
  key: string,
  change: Change | undefined,
): change is Change & { readonly updates: readonly Update[] } {
  return change?.updates !== undefined && textOf(mine.data[key], mine.dumps) === change.outcome
}
