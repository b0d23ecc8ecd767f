import type { Mutant } from './reference-engine.ts'

/** Faults in a single call, as real stores have had them, by what goes wrong. */
export const callMutants: Readonly<Record<string, Mutant>> = {
  'save inserts': {
    caughtBy: [
      'save › returns missing for an id without a record, and never inserts',
      'save › returns missing for a deleted record, and never revives it',
    ],
    change: ({ engine, put }) => ({
      save: async (id, record, version) => {
        const saved = await engine.save(id, record, version)
        return saved.status === 'missing' ? put(id, record) : saved
      },
    }),
  },
  'save revives an expired record': {
    caughtBy: ['expiry › save returns missing for an expired record, and never revives it'],
    change: ({ engine, records, put }) => ({
      save: async (id, record, version) =>
        records.has(id) && !(await engine.exists(id))
          ? put(id, record)
          : engine.save(id, record, version),
    }),
  },
  'save ignores the version': {
    caughtBy: [
      'save › returns conflict for any version but the stored one, and writes nothing',
      'two writers › of two saves based on the same version, the second returns conflict',
    ],
    change: ({ engine }) => ({ save: async (id, record) => engine.save(id, record) }),
  },
  'save treats an empty version as none': {
    caughtBy: ['save › returns conflict for any version but the stored one, and writes nothing'],
    change: ({ engine }) => ({
      save: async (id, record, version) => engine.save(id, record, version || undefined),
    }),
  },
  'save writes despite a conflict': {
    caughtBy: ['save › returns conflict for any version but the stored one, and writes nothing'],
    change: ({ engine, put }) => ({
      save: async (id, record, version) => {
        const saved = await engine.save(id, record, version)
        if (saved.status === 'conflict') put(id, record)
        return saved
      },
    }),
  },
  'save keeps the version': {
    caughtBy: ['save › returns a new version whenever the data changes, the same as load'],
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
    caughtBy: ['save › sets the new deadline, later or earlier'],
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
    caughtBy: [
      'find › finds a record by the attributes of its last save, and no longer by earlier ones',
      'find › no longer finds a record whose last save lacked the attribute or set it to null',
    ],
    change: ({ engine, records }) => ({
      save: async (id, record, version) =>
        engine.save(id, { ...record, attributes: records.get(id)?.attributes ?? {} }, version),
    }),
  },
  'versions start over when an id is reused': {
    caughtBy: [
      'create › reuses the id of a deleted record, under a version which that record never had',
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
    caughtBy: [
      'create › returns taken if the id has a live record, and leaves that record unchanged',
    ],
    change: ({ put }) => ({ create: async (id, record) => put(id, record) }),
  },
  'create overwrites and returns taken': {
    caughtBy: [
      'create › returns taken if the id has a live record, and leaves that record unchanged',
    ],
    change: ({ engine, put }) => ({
      create: async (id, record) => {
        const created = await engine.create(id, record)
        if (created.status === 'taken') put(id, record)
        return created
      },
    }),
  },
  'create returns taken for an expired record': {
    caughtBy: ['expiry › create replaces an expired record, under a new version'],
    change: ({ engine, records }) => ({
      create: async (id, record) =>
        records.has(id) ? { status: 'taken' } : engine.create(id, record),
    }),
  },
  'load returns a record at its deadline': {
    caughtBy: ['expiry › load returns undefined from the deadline on'],
    change: ({ records, clock }) => ({
      load: async (id) => {
        const record = records.get(id)
        return record && record.expiresAt >= clock.now() ? record : undefined
      },
    }),
  },
  'load loses a record a millisecond early': {
    caughtBy: ['expiry › a record is live until its deadline'],
    change: ({ engine, clock }) => ({
      load: async (id) => {
        const record = await engine.load(id)
        return record && record.expiresAt > clock.now() + 1 ? record : undefined
      },
    }),
  },
  'exists ignores the deadline': {
    caughtBy: ['expiry › exists returns false from the deadline on'],
    change: ({ records }) => ({ exists: async (id) => records.has(id) }),
  },
  'touch revives an expired record': {
    caughtBy: ['expiry › touch returns missing for an expired record, and never revives it'],
    change: ({ records, put }) => ({
      touch: async (id, record) => (records.has(id) ? put(id, record) : { status: 'missing' }),
    }),
  },
  'touch inserts': {
    caughtBy: [
      'touch › returns missing for a deleted record, and never revives it',
      'two writers › touch, save and delete return missing for a record that the other writer deleted',
    ],
    change: ({ put }) => ({ touch: async (id, record) => put(id, record) }),
  },
  'touch keeps the old deadline': {
    caughtBy: ['touch › sets the new deadline and keeps the data'],
    change: ({ engine, records }) => ({
      touch: async (id, record, version) =>
        engine.touch(id, { ...record, expiresAt: records.get(id)?.expiresAt ?? 0 }, version),
    }),
  },
  'touch ignores the version': {
    caughtBy: [
      'touch › returns conflict for any version but the stored one, and keeps the deadline',
    ],
    change: ({ engine }) => ({ touch: async (id, record) => engine.touch(id, record) }),
  },
  'touch writes the data of the call': {
    caughtBy: [
      'touch › without a version, keeps the stored data, whatever data the call carries',
      'concurrent calls › a save and a touch end as if one had waited for the other',
    ],
    change: ({ engine }) => ({ touch: engine.save }),
  },
  'touch drops the attributes': {
    caughtBy: ['find › still finds a record after a touch, with its new deadline'],
    change: ({ engine, put }) => ({
      touch: async (id, { data, expiresAt }, version) => {
        const touched = await engine.touch(id, { data, expiresAt }, version)
        return touched.status === 'saved' ? put(id, { data, expiresAt }) : touched
      },
    }),
  },
  'delete ignores the version': {
    caughtBy: [
      'delete › returns conflict for any version but the stored one, and keeps the record',
    ],
    change: ({ engine }) => ({ delete: async (id) => engine.delete(id) }),
  },
  'delete always returns deleted': {
    caughtBy: ['delete › removes the record; a second delete returns missing'],
    change: ({ engine }) => ({
      delete: async (id, version) => {
        await engine.delete(id, version)
        return 'deleted' as const
      },
    }),
  },
  'delete returns deleted for an expired record': {
    caughtBy: ['expiry › delete returns missing for an expired record, whatever the version'],
    change: ({ records }) => ({
      delete: async (id) => (records.delete(id) ? 'deleted' : 'missing'),
    }),
  },
  'load returns the stored object itself': {
    caughtBy: [
      'payloads › are copies: mutating a record after passing it in or loading it changes nothing',
    ],
    change: ({ records }) => ({ load: async (id) => records.get(id) }),
  },
  'payloads are trimmed': {
    caughtBy: ['payloads › are returned byte for byte after create'],
    change: ({ engine }) => ({
      create: async (id, record) => engine.create(id, { ...record, data: record.data.trimEnd() }),
    }),
  },
  'payloads are normalised': {
    caughtBy: [
      'payloads › that differ only in case, spaces or Unicode normalisation are different data',
    ],
    change: ({ engine }) => ({
      create: async (id, record) => engine.create(id, { ...record, data: record.data.normalize() }),
      save: async (id, record, version) =>
        engine.save(id, { ...record, data: record.data.normalize('NFC') }, version),
    }),
  },
  'payloads are cut at 64 KiB': {
    caughtBy: ['payloads › of largestPayload bytes are stored in full'],
    change: ({ engine }) => ({
      create: async (id, record) =>
        engine.create(id, { ...record, data: record.data.slice(0, 65_535) }),
    }),
  },
  'ids are compared ignoring case': {
    caughtBy: ['ids › may contain any character, and no two of them share a record'],
    change: ({ engine }) => ({
      load: async (id) => engine.load(id.toLowerCase()),
      create: async (id, record) => engine.create(id.toLowerCase(), record),
      save: async (id, record, version) => engine.save(id.toLowerCase(), record, version),
    }),
  },
  'ids are cut at 64 characters': {
    caughtBy: ['ids › may contain any character, and no two of them share a record'],
    change: ({ engine }) => ({
      load: async (id) => engine.load(id.slice(0, 64)),
      create: async (id, record) => engine.create(id.slice(0, 64), record),
      save: async (id, record, version) => engine.save(id.slice(0, 64), record, version),
    }),
  },
  'ids are looked up as object properties': {
    caughtBy: ['ids › may contain any character, and no two of them share a record'],
    change: ({ engine }) => ({
      create: async (id, record) => (id in {} ? { status: 'taken' } : engine.create(id, record)),
    }),
  },
}
