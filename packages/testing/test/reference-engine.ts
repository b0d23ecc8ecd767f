import type { LoadedRecord, SessionEngine, SessionRecord } from '@sessions/core'
import type { FakeClock } from '../src/index.ts'

/** What mutants are made from: a correct engine, and the Map in which it stores its records. */
export interface Reference {
  readonly engine: Required<Omit<SessionEngine, 'name'>>
  readonly records: Map<string, LoadedRecord>
  readonly clock: FakeClock
  /** Writes unconditionally, and returns the new version. */
  readonly put: (id: string, record: SessionRecord) => { status: 'saved'; version: string }
}

/** An engine with one fault, and the cases of the suite that must fail on it. */
export interface Mutant {
  readonly caughtBy: readonly string[]
  readonly change: (reference: Reference) => Partial<SessionEngine>
}

/** The shortest engine that fulfils the contract: asynchronous, unbounded, with a linear `find`. */
export function reference(clock: FakeClock): Reference {
  const records = new Map<string, LoadedRecord>()
  let writes = 0

  const live = (id: string): LoadedRecord | undefined => {
    const record = records.get(id)
    return record && record.expiresAt > clock.now() ? record : undefined
  }
  const put: Reference['put'] = (id, { data, expiresAt, attributes = {} }) => {
    writes += 1
    const version = String(writes)
    records.set(id, { data, expiresAt, attributes: { ...attributes }, version })
    return { status: 'saved', version }
  }
  const refusal = (id: string, version?: string): 'missing' | 'conflict' | undefined => {
    const record = live(id)
    if (!record) return 'missing'
    return version === undefined || version === record.version ? undefined : 'conflict'
  }

  const engine: Reference['engine'] = {
    load: async (id) => structuredClone(live(id)),
    exists: async (id) => live(id) !== undefined,
    create: async (id, record) => (live(id) ? { status: 'taken' } : put(id, record)),
    save: async (id, record, version) => {
      const status = refusal(id, version)
      return status ? { status } : put(id, record)
    },
    touch: async (id, record, version) => {
      const status = refusal(id, version)
      const kept = records.get(id)
      return status || !kept
        ? { status: status ?? 'missing' }
        : put(id, { ...kept, expiresAt: record.expiresAt })
    },
    delete: async (id, version) => {
      const status = refusal(id, version)
      if (!status) records.delete(id)
      return status ?? 'deleted'
    },
    async clearExpired({ batchSize = 1000, onProgress, signal }) {
      let deleted = 0
      signal?.throwIfAborted()
      for (const [id, { expiresAt }] of Array.from(records)) {
        if (expiresAt > clock.now() || records.get(id)?.expiresAt !== expiresAt) continue
        records.delete(id)
        deleted += 1
        if (deleted % batchSize !== 0) continue
        onProgress?.(deleted)
        await Promise.resolve()
        signal?.throwIfAborted()
      }
      onProgress?.(deleted)
      return deleted
    },
    async *find(attribute, value) {
      if (value === null) return
      for (const [id, { expiresAt, attributes }] of Array.from(records)) {
        if (live(id) && attributes?.[attribute] === value) yield { id, expiresAt }
      }
    },
  }
  return { engine, records, clock, put }
}
