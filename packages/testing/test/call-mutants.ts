import type { Mutant } from './reference-engine.ts'

/** Faults that real stores have had, by what they do wrong. */
export const callMutants: Readonly<Record<string, Mutant>> = {
  'save inserts': {
    caughtBy: ['save › never inserts', 'save › never brings back what was deleted'],
    change: ({ engine, put }) => ({
      save: async (id, record, version) => {
        const saved = await engine.save(id, record, version)
        return saved.status === 'missing' ? put(id, record) : saved
      },
    }),
  },
  'save revives an expired record': {
    caughtBy: ['expiry › makes a save of an expired record answer missing'],
    change: ({ engine, records, put }) => ({
      save: async (id, record, version) =>
        records.has(id) && !(await engine.exists(id))
          ? put(id, record)
          : engine.save(id, record, version),
    }),
  },
  'save ignores the version': {
    caughtBy: [
      'save › answers conflict for a version that is not the stored one, and writes nothing',
      'two writers › cannot both save what both had loaded',
    ],
    change: ({ engine }) => ({ save: async (id, record) => engine.save(id, record) }),
  },
  'save takes an empty version for none': {
    caughtBy: [
      'save › answers conflict for a version that is not the stored one, and writes nothing',
    ],
    change: ({ engine }) => ({
      save: async (id, record, version) => engine.save(id, record, version || undefined),
    }),
  },
  'save writes in spite of a conflict': {
    caughtBy: [
      'save › answers conflict for a version that is not the stored one, and writes nothing',
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
    caughtBy: ['save › answers a new version with new data, the one that load answers'],
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
    caughtBy: ['save › moves the deadline, forwards and backwards'],
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
      'find › follows the value as saves change it',
      'find › forgets a value that went away',
    ],
    change: ({ engine, records }) => ({
      save: async (id, record, version) =>
        engine.save(id, { ...record, attributes: records.get(id)?.attributes ?? {} }, version),
    }),
  },
  'versions start anew with each life of an id': {
    caughtBy: [
      'create › stores again what was deleted, under a version that the former life did not have',
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
    caughtBy: ['create › answers taken where a live record is, and leaves that as it is'],
    change: ({ put }) => ({ create: async (id, record) => put(id, record) }),
  },
  'create overwrites and says taken': {
    caughtBy: ['create › answers taken where a live record is, and leaves that as it is'],
    change: ({ engine, put }) => ({
      create: async (id, record) => {
        const created = await engine.create(id, record)
        if (created.status === 'taken') put(id, record)
        return created
      },
    }),
  },
  'create is stopped by an expired record': {
    caughtBy: ['expiry › lets a create take the place of an expired record, under another version'],
    change: ({ engine, records }) => ({
      create: async (id, record) =>
        records.has(id) ? { status: 'taken' } : engine.create(id, record),
    }),
  },
  'a record is loaded at its very deadline': {
    caughtBy: ['expiry › hides a record from load at its deadline'],
    change: ({ records, clock }) => ({
      load: async (id) => {
        const record = records.get(id)
        return record && record.expiresAt >= clock.now() ? record : undefined
      },
    }),
  },
  'a record is gone a millisecond early': {
    caughtBy: ['expiry › leaves a record live until its deadline'],
    change: ({ engine, clock }) => ({
      load: async (id) => {
        const record = await engine.load(id)
        return record && record.expiresAt > clock.now() + 1 ? record : undefined
      },
    }),
  },
  'exists knows no deadline': {
    caughtBy: ['expiry › hides a record from exists at its deadline'],
    change: ({ records }) => ({ exists: async (id) => records.has(id) }),
  },
  'touch revives an expired record': {
    caughtBy: ['expiry › makes a touch of an expired record answer missing, and never revives it'],
    change: ({ records, put }) => ({
      touch: async (id, record) => (records.has(id) ? put(id, record) : { status: 'missing' }),
    }),
  },
  'touch inserts': {
    caughtBy: [
      'touch › never brings back what was deleted',
      'two writers › find a deleted record missing, and leave it so',
    ],
    change: ({ put }) => ({ touch: async (id, record) => put(id, record) }),
  },
  'touch moves nothing': {
    caughtBy: ['touch › moves the deadline and keeps the data'],
    change: ({ engine, records }) => ({
      touch: async (id, record, version) =>
        engine.touch(id, { ...record, expiresAt: records.get(id)?.expiresAt ?? 0 }, version),
    }),
  },
  'touch ignores the version': {
    caughtBy: [
      'touch › answers conflict for a version that is not the stored one, and moves nothing',
    ],
    change: ({ engine }) => ({ touch: async (id, record) => engine.touch(id, record) }),
  },
  'touch writes the data that it is given': {
    caughtBy: [
      'touch › keeps what is stored where no version is given, whatever data it is given',
      'at once › a save and a touch end as one after the other',
    ],
    change: ({ engine }) => ({ touch: engine.save }),
  },
  'touch forgets the attributes': {
    caughtBy: ['find › still yields what was touched, with its new deadline'],
    change: ({ engine, put }) => ({
      touch: async (id, { data, expiresAt }, version) => {
        const touched = await engine.touch(id, { data, expiresAt }, version)
        return touched.status === 'saved' ? put(id, { data, expiresAt }) : touched
      },
    }),
  },
  'delete ignores the version': {
    caughtBy: [
      'delete › answers conflict for a version that is not the stored one, and the record stays',
    ],
    change: ({ engine }) => ({ delete: async (id) => engine.delete(id) }),
  },
  'delete says deleted whatever was there': {
    caughtBy: ['delete › removes the record, once'],
    change: ({ engine }) => ({
      delete: async (id, version) => {
        await engine.delete(id, version)
        return 'deleted' as const
      },
    }),
  },
  'delete counts an expired record': {
    caughtBy: ['expiry › makes a delete of an expired record answer missing'],
    change: ({ records }) => ({
      delete: async (id) => (records.delete(id) ? 'deleted' : 'missing'),
    }),
  },
  'load hands out what is stored': {
    caughtBy: ['payloads › do not change when the caller changes what it gave or was given'],
    change: ({ records }) => ({ load: async (id) => records.get(id) }),
  },
  'payloads are trimmed': {
    caughtBy: ['payloads › come back byte by byte after a create'],
    change: ({ engine }) => ({
      create: async (id, record) => engine.create(id, { ...record, data: record.data.trimEnd() }),
    }),
  },
  'payloads are normalised': {
    caughtBy: ['payloads › that differ in case, space or normalisation are different data'],
    change: ({ engine }) => ({
      create: async (id, record) => engine.create(id, { ...record, data: record.data.normalize() }),
      save: async (id, record, version) =>
        engine.save(id, { ...record, data: record.data.normalize('NFC') }, version),
    }),
  },
  'payloads are cut at 64 KiB': {
    caughtBy: ['payloads › come back in the largest size'],
    change: ({ engine }) => ({
      create: async (id, record) =>
        engine.create(id, { ...record, data: record.data.slice(0, 65_535) }),
    }),
  },
  'ids are compared without regard to case': {
    caughtBy: ['ids › of any characters name a record each, and no two the same'],
    change: ({ engine }) => ({
      load: async (id) => engine.load(id.toLowerCase()),
      create: async (id, record) => engine.create(id.toLowerCase(), record),
      save: async (id, record, version) => engine.save(id.toLowerCase(), record, version),
    }),
  },
  'ids are cut at 64 characters': {
    caughtBy: ['ids › of any characters name a record each, and no two the same'],
    change: ({ engine }) => ({
      load: async (id) => engine.load(id.slice(0, 64)),
      create: async (id, record) => engine.create(id.slice(0, 64), record),
      save: async (id, record, version) => engine.save(id.slice(0, 64), record, version),
    }),
  },
  'ids are properties of an object': {
    caughtBy: ['ids › of any characters name a record each, and no two the same'],
    change: ({ engine }) => ({
      create: async (id, record) => (id in {} ? { status: 'taken' } : engine.create(id, record)),
    }),
  },
}
