import type { RecordState } from '../session/session-state.ts'
import type { StoredRecord } from '../session/stored.ts'
import { type Steps, wait } from '../steps.ts'
import type { RecordContext } from './record-context.ts'
import type { RecordReader } from './record-reader.ts'

/** The store failed, and it is unknown whether it has carried out, or will carry out, the write. */
export interface Unanswered {
  readonly error: unknown
}

/** Retires the record under a session's old key, through a store that may fail at any point. */
export class RecordRetirement {
  readonly #context: RecordContext
  readonly #reader: RecordReader

  constructor(context: RecordContext, reader: RecordReader) {
    this.#context = context
    this.#reader = reader
  }

  /**
   * Replaces the old record by a marker that leads to its successor, or deletes it. If the call fails, finds out whether it was
   * carried out; if not, makes sure that it never will be.
   */
  *retire(
    state: RecordState,
    old: StoredRecord,
    successor: string,
  ): Steps<'retired' | 'missing' | 'conflict' | Unanswered> {
    try {
      return yield* this.#replace(old, successor)
    } catch (error) {
      let replaced = yield* this.isReplaced(old.id, successor)
      if (replaced === false) {
        const kept = yield* this.#saveUnchanged(state, old)
        if (kept === undefined) return { error }
        // After a conflict, either the marker was written just now, or it never will be.
        if (!kept) replaced = yield* this.isReplaced(old.id, successor)
      }
      if (replaced) return 'retired'
      if (replaced === undefined) return { error }
      throw error
    }
  }

  /**
   * Replaces the old record by the marker. Deletes it instead if there is no grace period, or if `hashKeys` is false: the id in
   * the marker would then be the new key.
   */
  *#replace(old: StoredRecord, successor: string): Steps<'retired' | 'missing' | 'conflict'> {
    const { engine, format } = this.#context
    const { hashKeys, rotationGrace, clock } = this.#context.settings
    if (!hashKeys || rotationGrace === 0) {
      const answer = yield* wait(engine.delete(old.id, old.version))
      return answer === 'deleted' ? 'retired' : answer
    }
    const marker = format.marker(successor, clock.now() + rotationGrace * 1000)
    const answer = yield* wait(engine.save(old.id, marker, old.version))
    return answer.status === 'saved' ? 'retired' : answer.status
  }

  /** Whether the marker was written although the call failed. Undefined if the store fails again. */
  *isReplaced(id: string, successor: string): Steps<boolean | undefined> {
    try {
      const record = yield* wait(this.#context.engine.load(id))
      return record !== undefined && this.#reader.read(record, id).payload.successor === successor
    } catch {
      // Already reported as an event; the caller gets the first error.
      return undefined
    }
  }

  /**
   * Gives the old record a new version, so that the marker cannot replace it any more: a store may carry out a write long
   * after the call has failed, for example when the statement waits for a lock. Returns false on a conflict, and undefined if
   * the store fails again.
   */
  *#saveUnchanged(state: RecordState, old: StoredRecord): Steps<boolean | undefined> {
    const { engine, format } = this.#context
    try {
      const answer = yield* wait(engine.save(old.id, format.unchanged(old), old.version))
      // `flush()` may have been called meanwhile.
      if (answer.status === 'saved' && state.stored === old) {
        state.stored = { ...old, version: answer.version }
      }
      return answer.status !== 'conflict'
    } catch {
      // Already reported as an event; the caller gets the first error.
      return undefined
    }
  }
}
