import type { LoadedRecord } from './engine.ts'
import type { EngineCalls } from './engine-calls.ts'
import type { Report } from './events.ts'
import { emptyPayload, type Payload } from './payload.ts'
import type { RecordFormat } from './record.ts'
import { handleOfId } from './session-key.ts'
import type { ResolvedSettings } from './settings.ts'
import { type Steps, wait } from './steps.ts'

/** How many rotations in a row are followed from an old key to where its session is now: they are of the last seconds. */
const MOST_ROTATIONS = 10

/** Where records are kept on the server's side, how they are written, and who is told what happens to them. */
export interface Records {
  readonly settings: ResolvedSettings
  readonly engine: EngineCalls
  readonly format: RecordFormat
  readonly report: Report
}

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
  readonly #records: Records

  constructor(records: Records) {
    this.#records = records
  }

  /** What a record says. A payload that does not verify or decode is reported, and counts as empty. */
  read(record: LoadedRecord, id: string): ReadRecord {
    const { format, report, settings } = this.#records
    try {
      return format.read(record.data)
    } catch (error) {
      report?.({ type: 'suspicious', handle: handleOfId(id, settings.hashKeys), error })
      return { payload: emptyPayload(), text: undefined }
    }
  }

  /** Where the session behind an id is now. */
  *follow(id: string): Steps<FollowedRecord | undefined> {
    const { engine, settings } = this.#records
    let current = id
    for (let rotations = 0; rotations <= MOST_ROTATIONS; rotations++) {
      const record = yield* wait(engine.load(current))
      if (record === undefined || record.expiresAt <= settings.clock.now()) return undefined
      const { payload, text } = this.read(record, current)
      if (payload.successor === undefined) return { id: current, record, payload, text }
      current = payload.successor
    }
    return undefined
  }
}
