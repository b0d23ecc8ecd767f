import type { LoadedRecord } from '../engine/engine.ts'
import { emptyPayload, type Payload } from '../payload/payload.ts'
import { type Steps, wait } from '../steps.ts'
import type { RecordContext } from './record-context.ts'

/** How many rotations in a row are followed from an old key to where its session is now: they are of the last seconds. */
const MAX_ROTATIONS = 10

/** What a record says; without a text where it does not decode. */
export interface ReadRecord {
  readonly payload: Payload
  readonly text: string | undefined
}

/** The record of a session that another request may have rotated. */
export interface FollowedRecord extends ReadRecord {
  readonly id: string
  readonly record: LoadedRecord
}

/** Reads records. */
export class RecordReader {
  readonly #context: RecordContext

  constructor(context: RecordContext) {
    this.#context = context
  }

  /** What a record says. A payload that does not verify or decode is reported, and counts as empty. */
  read(record: LoadedRecord, id: string): ReadRecord {
    const { format, ids, report } = this.#context
    try {
      return format.read(record.data)
    } catch (error) {
      report?.({ type: 'suspicious', handle: ids.handleOf(id), error })
      return { payload: emptyPayload(), text: undefined }
    }
  }

  /** Where the session behind an id is now. */
  *follow(id: string): Steps<FollowedRecord | undefined> {
    const { engine, settings } = this.#context
    let current = id
    for (let rotations = 0; rotations <= MAX_ROTATIONS; rotations++) {
      const record = yield* wait(engine.load(current))
      if (record === undefined || record.expiresAt <= settings.clock.now()) return undefined
      const { payload, text } = this.read(record, current)
      if (payload.successor === undefined) return { id: current, record, payload, text }
      current = payload.successor
    }
    return undefined
  }
}
