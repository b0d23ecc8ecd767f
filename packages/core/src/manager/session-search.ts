import type { ServerBackend } from '../backends/server-backend.ts'
import type { AttributeValue, SessionEngine } from '../engine/engine.ts'
import type { Report } from '../events.ts'
import { sessionIds } from '../session/session-key.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { findRecords, type FoundRecord } from './find-records.ts'

/** How often `end` looks for sessions at most. */
const MAX_SEARCHES = 10
/** How many sessions `end` ends at a time. */
const BATCH = 100

/** A live session found by an attribute. */
export interface FoundSession {
  /** A truncated digest of its key: the same as `session.handle`. */
  readonly handle: string
  /** When it expires. */
  readonly expiresAt: Date
  /** Deletes it. Resolves to whether it was still there. */
  end(): Promise<boolean>
}

/** One attribute, with its value. */
type Attribute = Readonly<Record<string, AttributeValue>>

/** Where sessions are looked for. Without a server's engine where the browser keeps them. */
interface SearchedRecords {
  readonly settings: ResolvedSettings
  readonly server: { readonly engine: SessionEngine; readonly backend: ServerBackend } | undefined
  readonly report: Report
}

/** Finds sessions by an attribute, and ends them. */
export class SessionSearch {
  readonly #records: SearchedRecords

  constructor(records: SearchedRecords) {
    this.#records = records
  }

  async *find(attribute: Attribute): AsyncGenerator<FoundSession> {
    const { settings, server } = this.#records
    const { handleOf } = sessionIds(settings)
    for await (const { id, expiresAt } of this.#find(attribute)) {
      yield {
        handle: handleOf(id),
        expiresAt: new Date(expiresAt),
        end: async () => (await server?.backend.end(id)) ?? false,
      }
    }
  }

  /** @param idsToSpare Looked up after each search. */
  async end(attribute: Attribute, idsToSpare: () => Promise<readonly string[]>): Promise<number> {
    const { settings, server } = this.#records
    let ended = 0
    for (let searches = 0; searches < MAX_SEARCHES; searches++) {
      const found: string[] = []
      for await (const { id } of this.#find(attribute)) found.push(id)
      // Looked up last: the key may be rotated until then, not after.
      const spared = await idsToSpare()
      const before = ended
      for (const [index, id] of found.filter((each) => !spared.includes(each)).entries()) {
        // Others are to have their turn, where the engine answers at once.
        if (index % BATCH === BATCH - 1) await settings.sleep(0)
        if (await server?.backend.end(id)) ended++
      }
      // A session whose key was rotated meanwhile may be where the search had looked before.
      if (ended === before) break
    }
    return ended
  }

  #find(attribute: Attribute): AsyncIterable<FoundRecord> {
    const { settings, server, report } = this.#records
    return findRecords(attribute, { settings, engine: server?.engine, report })
  }
}
