import type { ServerBackend } from '../backends/server-backend.ts'
import type { AttributeValue, SessionEngine } from '../engine/engine.ts'
import type { Report } from '../events.ts'
import { sessionIds } from '../session/session-key.ts'
import type { ResolvedSettings } from '../settings/settings.ts'
import { findRecords, type FoundRecord } from './find-records.ts'

/** The most searches that one call of `end` makes. */
const MAX_SEARCHES = 10
/** How many sessions `end` deletes before it yields to the event loop. */
const BATCH = 100

/** A live session that `find` has found. */
export interface FoundSession {
  /** A truncated digest of its key, safe in logs: the same as `session.handle`. */
  readonly handle: string
  /** When it expires. */
  readonly expiresAt: Date
  /** Deletes the session. Resolves to false if it no longer existed. */
  end(): Promise<boolean>
}

/** One attribute, with its value. */
type Attribute = Readonly<Record<string, AttributeValue>>

/** What a search needs. */
interface SearchedRecords {
  readonly settings: ResolvedSettings
  /** Undefined if a cookie engine keeps the sessions. */
  readonly server: { readonly engine: SessionEngine; readonly backend: ServerBackend } | undefined
  readonly report: Report
}

/** Finds and ends sessions by an attribute. */
export class SessionSearch {
  readonly #records: SearchedRecords

  constructor(records: SearchedRecords) {
    this.#records = records
  }

  async *find(attribute: Attribute): AsyncGenerator<FoundSession> {
    const { settings, server } = this.#records
    const { handleOf } = sessionIds(settings)
    for await (const { id, expiresAt } of this.#find(attribute)) {
      if (expiresAt <= settings.clock.now()) continue
      yield {
        handle: handleOf(id),
        expiresAt: new Date(expiresAt),
        end: async () => (await server?.backend.end(id)) ?? false,
      }
    }
  }

  /** @param idsToSpare Called after each search. */
  async end(attribute: Attribute, idsToSpare: () => Promise<readonly string[]>): Promise<number> {
    const { settings, server } = this.#records
    let ended = 0
    for (let searches = 0; searches < MAX_SEARCHES; searches++) {
      const found: string[] = []
      for await (const { id } of this.#find(attribute)) found.push(id)
      // After the search, which may have found the spared session under a key that it got only meanwhile.
      const spared = await idsToSpare()
      const before = ended
      for (const [index, id] of found.filter((foundId) => !spared.includes(foundId)).entries()) {
        // With a synchronous engine, nothing else here lets other requests run.
        if (index % BATCH === BATCH - 1) await settings.sleep(0)
        if (await server?.backend.end(id, spared)) ended++
      }
      // Otherwise search again: a session whose key was rotated meanwhile may be where the search had already been.
      if (ended === before) break
    }
    return ended
  }

  #find(attribute: Attribute): AsyncIterable<FoundRecord> {
    const { settings, server, report } = this.#records
    return findRecords(attribute, { settings, engine: server?.engine, report })
  }
}
