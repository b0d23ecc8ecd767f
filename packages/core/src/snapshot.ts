import type { ChangeLog } from './change-log.ts'
import type { EncodedRecord, RecordFormat } from './record.ts'
import type { RecordState, StoredRecord } from './state.ts'
import { type Draft, dueCookie } from './store.ts'

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

/** What was not stored after all counts as not stored. */
export function putBack(state: RecordState, snapshot: Snapshot): void {
  state.written = undefined
  state.log = snapshot.log.followedBy(state.log)
}

/** The session is stored. Where `flush()` came while it was written, the record is one more to delete. */
export function install(state: RecordState, stored: StoredRecord, { now }: Snapshot): void {
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
