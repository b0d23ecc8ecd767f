import type { Dictionary } from '../data.ts'
import { readPayload } from '../payload/payload.ts'
import { reprintedText, sessionText } from '../payload/session-text.ts'
import { sameValue, textOf } from '../payload/value-text.ts'
import type { SessionState } from './session-state.ts'

/*
 * Changes that the application makes without a method of the session: inside an object that it got hold of, or through
 * `session.data`. They are found by comparing texts, and only if the application got hold of anything.
 */

/** Returns the dictionary for the application to use directly. */
export function handOut(state: SessionState): Dictionary {
  state.shared = true
  state.handedOut ??= { ...state.data }
  return state.data
}

/** Drops the changes made so far: the session is saved only if it changes again. */
export function dropChanges(state: SessionState): void {
  const { serializer } = state.origin
  state.log.modified = false
  state.dropped = textOf(state, () => sessionText(state, serializer))
  // Dropped data that cannot be stored is not compared, which would throw.
  if (state.dropped === undefined) state.shared = false
}

/**
 * Returns the session's text if the session has changed since it was loaded or stored, or since its changes were dropped;
 * otherwise undefined.
 */
export function changedText(state: SessionState): string | undefined {
  const { serializer } = state.origin
  const before = state.dropped ?? state.stored?.text
  if (before === undefined) return state.filled ? sessionText(state, serializer) : undefined
  const text = sessionText(state, serializer)
  if (text === before) return undefined
  return !isReplaced(state) && text === reprintedText(before, serializer) ? undefined : text
}

/**
 * Whether the application has changed a key's value in place or through `data` since the session was loaded or stored, or
 * since `modify` computed the value. If so, replaying `modify` on another request's value would lose that change.
 */
export function isChangedUnseen(state: SessionState, key: string): boolean {
  const { shared, data, log, stored, origin, written = stored?.text } = state
  if (!shared) return false
  const dumps = (value: unknown): string => origin.serializer.dumps(value)
  const change = log.keys.get(key)
  if (change !== undefined) return textOf(data[key], dumps) !== change.outcome
  if (written === undefined) return key in data
  return !sameValue(data[key], baseOf(state, written)?.[key], dumps)
}

/** The dictionary of a stored text. Decoded once: a request may call `modify` for thousands of keys. */
function baseOf(state: SessionState, text: string): Dictionary | undefined {
  if (state.base?.text !== text)
    state.base = { text, data: readPayload(state.origin.serializer.loads(text))?.data }
  return state.base.data
}

/**
 * Whether the application has replaced a top-level value of the dictionary that it got hold of. This needs no serialisation,
 * and finds most changes that are made without `set`.
 */
function isReplaced({ data, handedOut }: SessionState): boolean {
  if (handedOut === undefined) return false
  for (const key in data) if (data[key] !== handedOut[key]) return true
  for (const key in handedOut) if (!(key in data)) return true
  return false
}
