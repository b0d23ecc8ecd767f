import type { LoadedRecord, MaybePromise } from '../engine/engine.ts'
import { absoluteLimit } from '../session/expiry.ts'
import type { RecordState } from '../session/session-state.ts'
import { chain } from '../steps.ts'
import type { RecordContext } from './record-context.ts'
import type { RecordReader } from './record-reader.ts'

/** Loads the session that a request names. */
export class RecordLoader {
  readonly #context: RecordContext
  readonly #reader: RecordReader

  constructor(context: RecordContext, reader: RecordReader) {
    this.#context = context
    this.#reader = reader
  }

  /** Opens the session of the first of these keys that has one, or else an empty session. */
  load(state: RecordState, keys: readonly string[], index = 0): MaybePromise<void> {
    const key = keys[index]
    if (key === undefined) {
      state.loaded = true
      return undefined
    }
    const { engine, ids } = this.#context
    const id = ids.idOf(key)
    return chain(engine.load(id), (record) => {
      // `flush()` may have been called meanwhile.
      if (state.loaded) return undefined
      if (!this.#open(state, key, id, record)) return this.load(state, keys, index + 1)
      state.loaded = true
      return undefined
    })
  }

  /** Opens the session from a loaded record. Returns false if the record is missing, a rotation marker or expired. */
  #open(state: RecordState, key: string, id: string, record: LoadedRecord | undefined): boolean {
    const { settings, ids, report } = this.#context
    const now = settings.clock.now()
    if (record === undefined) {
      report?.({ type: 'rejected', reason: 'unknown', handle: ids.handleOf(id) })
      return false
    }
    const { payload, text } = this.#reader.read(record, id)
    if (payload.successor !== undefined) {
      state.rotatedAway = true
      report?.({ type: 'rejected', reason: 'rotated', handle: ids.handleOf(id) })
      return false
    }
    const limit = Math.min(
      record.expiresAt,
      absoluteLimit(payload.created, now, state.origin.policy),
    )
    if (limit <= now) {
      report?.({ type: 'expired', handle: ids.handleOf(id) })
      return false
    }
    const { version, expiresAt, data } = record
    state.open(payload, { key, id, version, expiresAt, data, text })
    return true
  }
}
