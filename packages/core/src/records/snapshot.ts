import type { ChangeLog } from '../session/change-log.ts'
import { dueCookie } from '../session/due-cookie.ts'
import type { RecordState } from '../session/session-state.ts'
import type { StoredRecord } from '../session/stored.ts'
import type { Draft, EncodedRecord, RecordFormat, RenewedRecord } from './record-format.ts'

/** What a write stores. */
export interface Snapshot {
  readonly encoded: EncodedRecord
  /** The changes that the write stores. */
  readonly log: ChangeLog
  readonly now: number
}

/** Encodes the session for a write, and starts a new log for the changes that follow. */
export function takeSnapshot(format: RecordFormat, state: RecordState, draft: Draft): Snapshot {
  const encoded = format.record(state, draft)
  state.written = encoded.text
  return { encoded, log: state.takeLog(), now: draft.now }
}

/** Puts the changes of a failed write back into the session's log, unless `flush()` was called during the write. */
export function revertSnapshot(state: RecordState, snapshot: Snapshot): void {
  state.written = undefined
  state.restoreLog(snapshot.log)
}

/** Notes that the session is stored. If `flush()` was called during the write, the record is to be deleted instead. */
export function markStored(state: RecordState, stored: StoredRecord, { now }: Snapshot): void {
  state.written = undefined
  if (state.flushDue) {
    state.abandon(stored)
    return
  }
  state.stored = stored
  state.due = dueCookie(state, stored.expiresAt, now)
}

/** The stored record after a save under the same id. */
export function withRecord(
  stored: StoredRecord,
  version: string,
  { record, text }: RenewedRecord,
): StoredRecord {
  const { key, id } = stored
  const { expiresAt, data } = record
  return { key, id, version, expiresAt, data, text }
}
