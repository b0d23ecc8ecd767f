import type { ChangeLog } from '../session/change-log.ts'
import { dueCookie, type RecordState, type StoredRecord } from '../session/session-state.ts'
import type { Draft, EncodedRecord, RecordFormat } from './record-format.ts'

/** What a session is about to be stored as, and the log of what that stores. */
export interface Snapshot {
  readonly encoded: EncodedRecord
  readonly log: ChangeLog
  readonly now: number
}

/** Takes what is to be stored now. What is done to the session from here on counts anew. */
export function takeSnapshot(format: RecordFormat, state: RecordState, draft: Draft): Snapshot {
  const encoded = format.record(state, draft)
  state.written = encoded.text
  return { encoded, log: state.takeLog(), now: draft.now }
}

/** Restores the log of a write that failed. */
export function putBack(state: RecordState, snapshot: Snapshot): void {
  state.written = undefined
  state.log = snapshot.log.followedBy(state.log)
}

/** The session is stored. Where `flush()` came while it was written, the record is one more to delete. */
export function markStored(state: RecordState, stored: StoredRecord, { now }: Snapshot): void {
  state.written = undefined
  if (state.flushDue) {
    state.abandoned = [...state.abandoned, stored]
    return
  }
  state.stored = stored
  state.due = dueCookie(state, stored.expiresAt, now)
}

/** What stands behind a session once that record of it was saved. */
export function withRecord(
  stored: StoredRecord,
  version: string,
  { record, text }: EncodedRecord,
): StoredRecord {
  const { key, id } = stored
  const { expiresAt, data } = record
  return { key, id, version, expiresAt, data, text }
}
