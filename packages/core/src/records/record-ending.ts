import type { RecordState } from '../session/session-state.ts'
import { type Steps, wait } from '../steps.ts'
import { MAX_REPLAYS } from './catch-up.ts'
import type { RecordContext } from './record-context.ts'
import type { RecordReader } from './record-reader.ts'

interface Ending {
  /** The version of the record that is expected under the id. */
  readonly version?: string
  /** Ids of sessions that are kept even if a marker leads to them; they may have been rotated since. */
  readonly spared?: readonly string[] | undefined
}

/** Ends sessions. */
export class RecordEnding {
  readonly #context: RecordContext
  readonly #reader: RecordReader

  constructor(context: RecordContext, reader: RecordReader) {
    this.#context = context
    this.#reader = reader
  }

  /**
   * Deletes the session that an id leads to, even if other requests write to it: on a conflict, it reads the current version
   * and follows rotation markers. Returns whether there was one.
   */
  *end(id: string, { version, spared = [] }: Ending = {}): Steps<boolean> {
    const { engine, ids, report } = this.#context
    let current = id
    let expected = version
    for (let tries = 0; tries < MAX_REPLAYS; tries++) {
      if (expected === undefined) {
        const found = yield* this.#reader.follow(current, spared)
        if (found === undefined) return false
        current = found.id
        expected = found.record.version
      }
      const answer = yield* wait(engine.delete(current, expected))
      if (answer === 'deleted') report?.({ type: 'ended', handle: ids.handleOf(current) })
      if (answer !== 'conflict') return answer === 'deleted'
      expected = undefined
    }
    return (yield* wait(engine.delete(current))) === 'deleted'
  }

  /**
   * Deletes the sessions that a request loaded or stored and, after `flush()`, those of every key that its cookies name. If it
   * fails, they stay marked to be deleted.
   */
  *endAll(state: RecordState, keys: readonly string[]): Steps<void> {
    const { flushDue, abandoned, stored } = state
    state.flushDue = false
    state.abandoned = []
    try {
      const known = stored === undefined ? abandoned : [...abandoned, stored]
      for (const { id, version } of known) yield* this.end(id, { version })
      const named = flushDue ? keys.map((key) => this.#context.ids.idOf(key)) : []
      for (const id of named) {
        if (!known.some((record) => record.id === id)) yield* this.end(id)
      }
    } catch (error) {
      state.flushDue = flushDue || state.flushDue
      state.abandoned = [...abandoned, ...state.abandoned]
      throw error
    }
    if (state.stored === stored) state.stored = undefined
  }
}
