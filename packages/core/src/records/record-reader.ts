import type { LoadedRecord } from '../engine/engine.ts'
import { emptyPayload, type Payload } from '../payload/payload.ts'
import { type Steps, wait } from '../steps.ts'
import type { RecordContext } from './record-context.ts'

/** The most rotation markers that are followed. Markers live only `rotationGrace` seconds, so longer chains are unlikely. */
const MAX_ROTATIONS = 10

/** A decoded record. */
export interface ReadRecord {
  readonly payload: Payload
  /** The serialised text; undefined if the record does not decode. */
  readonly text: string | undefined
}

/** A session's current record, found through any rotation markers. */
export interface FollowedRecord extends ReadRecord {
  readonly id: string
  readonly record: LoadedRecord
}

/** Reads and decodes records. */
export class RecordReader {
  readonly #context: RecordContext

  constructor(context: RecordContext) {
    this.#context = context
  }

  /** Decodes a record. A payload that does not verify or decode is reported, and counts as empty. */
  read(record: LoadedRecord, id: string): ReadRecord {
    const { format, ids, report } = this.#context
    try {
      return format.read(record.data)
    } catch (error) {
      report?.({ type: 'suspicious', handle: ids.handleOf(id), error })
      return { payload: emptyPayload(), text: undefined }
    }
  }

  /**
   * Loads the live session of an id, following rotation markers; undefined if there is none, or if the id of one of its records
   * is to be spared. The engine alone decides what is live: with a check by this process's clock, one that is fast would end
   * nothing at a logout.
   */
  *follow(id: string, spared: readonly string[] = []): Steps<FollowedRecord | undefined> {
    const { engine } = this.#context
    let current = id
    for (let rotations = 0; rotations <= MAX_ROTATIONS; rotations++) {
      if (spared.includes(current)) return undefined
      const record = yield* wait(engine.load(current))
      if (record === undefined) return undefined
      const { payload, text } = this.read(record, current)
      if (payload.successor === undefined) return { id: current, record, payload, text }
      current = payload.successor
    }
    return undefined
  }
}
