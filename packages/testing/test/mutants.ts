import type { SessionEngine } from '@sessions/core'
import type { Reference } from './reference-engine.ts'

/** An engine with one fault, and the cases of the suite that must notice it. */
export interface Mutant {
  readonly caughtBy: readonly string[]
  readonly change: (reference: Reference) => Partial<SessionEngine>
}

/** Faults that real stores have had, by what they do wrong. */
export const mutants: Readonly<Record<string, Mutant>> = {
  'save inserts': {
    caughtBy: ['save never inserts', 'save never brings back what was deleted'],
    change: ({ engine, put }) => ({
      save: async (id, record, version) => {
        const saved = await engine.save(id, record, version)
        return saved.status === 'missing' ? put(id, record) : saved
      },
    }),
  },
  'save revives an expired record': {
    caughtBy: ['expiry makes a save of an expired record answer missing'],
    change: ({ engine, records, put }) => ({
      save: async (id, record, version) =>
        records.has(id) && !(await engine.exists(id))
          ? put(id, record)
          : engine.save(id, record, version),
    }),
  },
  'save ignores the version': {
    caughtBy: [
      'save answers conflict for a version that is not the stored one, and writes nothing',
      'two writers cannot both save what both had loaded',
    ],
    change: ({ engine }) => ({ save: async (id, record) => engine.save(id, record) }),
  },
  'save takes an empty version for none': {
    caughtBy: [
      'save answers conflict for a version that is not the stored one, and writes nothing',
    ],
    change: ({ engine }) => ({
      save: async (id, record, version) => engine.save(id, record, version || undefined),
    }),
  },
  'save writes in spite of a conflict': {
    caughtBy: [
      'save answers conflict for a version that is not the stored one, and writes nothing',
    ],
    change: ({ engine, put }) => ({
      save: async (id, record, version) => {
        const saved = await engine.save(id, record, version)
        if (saved.status === 'conflict') put(id, record)
        return saved
      },
    }),
  },
  'save keeps the version': {
    caughtBy: ['save answers a new version with new data, the one that load answers'],
    change: ({ engine, records }) => ({
      save: async (id, record, version) => {
        const last = records.get(id)?.version ?? ''
        const saved = await engine.save(id, record, version)
        const stored = records.get(id)
        if (saved.status !== 'saved' || !stored) return saved
        records.set(id, { ...stored, version: last })
        return { status: 'saved', version: last }
      },
    }),
  },
  'save keeps the deadline': {
    caughtBy: ['save moves the deadline, forwards and backwards'],
    change: ({ engine, records }) => ({
      save: async (id, record, version) =>
        engine.save(
          id,
          { ...record, expiresAt: records.get(id)?.expiresAt ?? record.expiresAt },
          version,
        ),
    }),
  },
  'save keeps the attributes': {
    caughtBy: ['find follows the value as saves change it', 'find forgets a value that went away'],
    change: ({ engine, records }) => ({
      save: async (id, record, version) =>
        engine.save(id, { ...record, attributes: records.get(id)?.attributes ?? {} }, version),
    }),
  },
  'versions start anew with each life of an id': {
    caughtBy: [
      'create stores again what was deleted, under a version that the former life did not have',
    ],
    change: ({ engine, records }) => ({
      create: async (id, record) => {
        const created = await engine.create(id, record)
        const stored = records.get(id)
        if (created.status === 'taken' || !stored) return created
        records.set(id, { ...stored, version: 'v1' })
        return { status: 'saved', version: 'v1' }
      },
    }),
  },
  'create overwrites': {
    caughtBy: ['create answers taken where a live record is, and leaves that as it is'],
    change: ({ put }) => ({ create: async (id, record) => put(id, record) }),
  },
  'create overwrites and says taken': {
    caughtBy: ['create answers taken where a live record is, and leaves that as it is'],
    change: ({ engine, put }) => ({
      create: async (id, record) => {
        const created = await engine.create(id, record)
        if (created.status === 'taken') put(id, record)
        return created
      },
    }),
  },
  'create is stopped by an expired record': {
    caughtBy: ['expiry lets a create take the place of an expired record, under another version'],
    change: ({ engine, records }) => ({
      create: async (id, record) =>
        records.has(id) ? { status: 'taken' } : engine.create(id, record),
    }),
  },
  'a record is loaded at its very deadline': {
    caughtBy: ['expiry hides a record from load at its deadline'],
    change: ({ records, clock }) => ({
      load: async (id) => {
        const record = records.get(id)
        return record && record.expiresAt >= clock.now() ? record : undefined
      },
    }),
  },
  'a record is gone a millisecond early': {
    caughtBy: ['expiry leaves a record live until its deadline'],
    change: ({ engine, clock }) => ({
      load: async (id) => {
        const record = await engine.load(id)
        return record && record.expiresAt > clock.now() + 1 ? record : undefined
      },
    }),
  },
  'exists knows no deadline': {
    caughtBy: ['expiry hides a record from exists at its deadline'],
    change: ({ records }) => ({ exists: async (id) => records.has(id) }),
  },
  'touch revives an expired record': {
    caughtBy: ['expiry makes a touch of an expired record answer missing, and never revives it'],
    change: ({ records, put }) => ({
      touch: async (id, record) => (records.has(id) ? put(id, record) : { status: 'missing' }),
    }),
  },
  'touch inserts': {
    caughtBy: [
      'touch never brings back what was deleted',
      'two writers find a deleted record missing, and leave it so',
    ],
    change: ({ put }) => ({ touch: async (id, record) => put(id, record) }),
  },
  'touch moves nothing': {
    caughtBy: ['touch moves the deadline and keeps the data'],
    change: ({ engine, records }) => ({
      touch: async (id, record, version) =>
        engine.touch(id, { ...record, expiresAt: records.get(id)?.expiresAt ?? 0 }, version),
    }),
  },
  'touch ignores the version': {
    caughtBy: [
      'touch answers conflict for a version that is not the stored one, and moves nothing',
    ],
    change: ({ engine }) => ({ touch: async (id, record) => engine.touch(id, record) }),
  },
  'touch writes the data that it is given': {
    caughtBy: [
      'touch keeps what is stored where no version is given, whatever data it is given',
      'at once a save and a touch end as one after the other',
    ],
    change: ({ engine }) => ({ touch: engine.save }),
  },
  'touch forgets the attributes': {
    caughtBy: ['find still yields what was touched, with its new deadline'],
    change: ({ engine, put }) => ({
      touch: async (id, { data, expiresAt }, version) => {
        const touched = await engine.touch(id, { data, expiresAt }, version)
        return touched.status === 'saved' ? put(id, { data, expiresAt }) : touched
      },
    }),
  },
  'delete ignores the version': {
    caughtBy: [
      'delete answers conflict for a version that is not the stored one, and the record stays',
    ],
    change: ({ engine }) => ({ delete: async (id) => engine.delete(id) }),
  },
  'delete says deleted whatever was there': {
    caughtBy: ['delete removes the record, once'],
    change: ({ engine }) => ({
      delete: async (id, version) => {
        await engine.delete(id, version)
        return 'deleted' as const
      },
    }),
  },
  'delete counts an expired record': {
    caughtBy: ['expiry makes a delete of an expired record answer missing'],
    change: ({ records }) => ({
      delete: async (id) => (records.delete(id) ? 'deleted' : 'missing'),
    }),
  },
  'load hands out what is stored': {
    caughtBy: ['payloads do not change when the caller changes what it gave or was given'],
    change: ({ records }) => ({ load: async (id) => records.get(id) }),
  },
  'payloads are trimmed': {
    caughtBy: ['payloads come back byte by byte after a create'],
    change: ({ engine }) => ({
      create: async (id, record) => engine.create(id, { ...record, data: record.data.trimEnd() }),
    }),
  },
  'payloads are normalised': {
    caughtBy: ['payloads that differ in case, space or normalisation are different data'],
    change: ({ engine }) => ({
      create: async (id, record) => engine.create(id, { ...record, data: record.data.normalize() }),
      save: async (id, record, version) =>
        engine.save(id, { ...record, data: record.data.normalize('NFC') }, version),
    }),
  },
  'payloads are cut at 64 KiB': {
    caughtBy: ['payloads come back in the largest size'],
    change: ({ engine }) => ({
      create: async (id, record) =>
        engine.create(id, { ...record, data: record.data.slice(0, 65_535) }),
    }),
  },
  'ids are compared without regard to case': {
    caughtBy: ['ids of any characters name a record each, and no two the same'],
    change: ({ engine }) => ({
      load: async (id) => engine.load(id.toLowerCase()),
      create: async (id, record) => engine.create(id.toLowerCase(), record),
      save: async (id, record, version) => engine.save(id.toLowerCase(), record, version),
    }),
  },
  'ids are cut at 64 characters': {
    caughtBy: ['ids of any characters name a record each, and no two the same'],
    change: ({ engine }) => ({
      load: async (id) => engine.load(id.slice(0, 64)),
      create: async (id, record) => engine.create(id.slice(0, 64), record),
      save: async (id, record, version) => engine.save(id.slice(0, 64), record, version),
    }),
  },
  'ids are properties of an object': {
    caughtBy: ['ids of any characters name a record each, and no two the same'],
    change: ({ engine }) => ({
      create: async (id, record) => (id in {} ? { status: 'taken' } : engine.create(id, record)),
    }),
  },
  'clearExpired deletes live records': {
    caughtBy: ['clearExpired deletes and counts the expired records, and keeps the live ones'],
    change: ({ records }) => ({
      clearExpired: async () => {
        const { size } = records
        records.clear()
        return size
      },
    }),
  },
  'clearExpired goes by an old list': {
    caughtBy: ['clearExpired keeps what is created anew in the meantime'],
    change: ({ records, clock }) => ({
      clearExpired: async ({ batchSize = 1000, onProgress, signal }) => {
        signal?.throwIfAborted()
        const ids = [...records]
          .filter(([, { expiresAt }]) => expiresAt <= clock.now())
          .map(([id]) => id)
        let deleted = 0
        for (const id of ids) {
          records.delete(id)
          deleted += 1
          if (deleted % batchSize !== 0) continue
          onProgress?.(deleted)
          await Promise.resolve()
          signal?.throwIfAborted()
        }
        return deleted
      },
    }),
  },
  'clearExpired ignores the signal': {
    caughtBy: [
      'clearExpired ends between two batches with the reason of the signal',
      'clearExpired deletes nothing where the signal is aborted beforehand',
    ],
    change: ({ engine }) => ({
      clearExpired: async ({ batchSize, onProgress }) =>
        engine.clearExpired({ batchSize, onProgress }),
    }),
  },
  'clearExpired knows one batch': {
    caughtBy: ['clearExpired deletes at most batchSize at once, and reports after each batch'],
    change: ({ engine }) => ({
      clearExpired: async ({ onProgress, signal }) => engine.clearExpired({ onProgress, signal }),
    }),
  },
  'clearExpired miscounts': {
    caughtBy: ['clearExpired deletes and counts the expired records, and keeps the live ones'],
    change: ({ engine }) => ({
      clearExpired: async (options) => (await engine.clearExpired(options)) + 1,
    }),
  },
  'clearExpired is not there': {
    caughtBy: ['shape has a clearExpired, as declared'],
    change: () => ({ clearExpired: undefined }) as never,
  },
  'find is not there': {
    caughtBy: ['shape has a find, as declared'],
    change: () => ({ find: undefined }) as never,
  },
  'find yields the expired': {
    caughtBy: ['find yields neither what was deleted nor what has expired'],
    change: ({ records }) => ({
      async *find(attribute, value) {
        for (const [id, { expiresAt, attributes }] of records) {
          if (value !== null && attributes?.[attribute] === value) yield { id, expiresAt }
        }
      },
    }),
  },
  'find takes null for a value': {
    caughtBy: ['find yields nothing for null, which is no value to be found by'],
    change: ({ records }) => ({
      async *find(attribute, value) {
        for (const [id, { expiresAt, attributes }] of records) {
          if ((attributes?.[attribute] ?? null) === value) yield { id, expiresAt }
        }
      },
    }),
  },
  'find knows one page': {
    caughtBy: ['find yields a great many, each once'],
    change: ({ engine }) => ({
      async *find(attribute, value) {
        let count = 0
        for await (const found of engine.find(attribute, value)) {
          if (count === 1000) return
          count += 1
          yield found
        }
      },
    }),
  },
  'find compares text loosely': {
    caughtBy: ['find tells texts apart to the character'],
    change: ({ records }) => ({
      async *find(attribute, value) {
        for (const [id, { expiresAt, attributes }] of records) {
          const stored = attributes?.[attribute]
          if (
            typeof stored === 'string' &&
            stored.localeCompare(String(value), 'en', { sensitivity: 'base' }) === 0
          )
            yield { id, expiresAt }
        }
      },
    }),
  },
}
