import { expect } from 'vitest'
import type { EngineSubject } from './subject.ts'
import { expectDeadline, group } from './context.ts'
import type { SuiteCase } from '../register-cases.ts'

/** Strings that no engine returns as a version. */
const strangeVersions: readonly string[] = [
  '',
  '0',
  'stale',
  "1' OR '1'='1",
  '\u00e9',
  '9'.repeat(40),
]

const createCases = group('create', {
  'stores the record, so that exists returns true': async ({ engine, id, record }) => {
    const fresh = id()
    expect(await engine.exists(fresh)).toBe(false)
    const created = await engine.create(fresh, await record('first'))
    expect(created.status).toBe('saved')
    expect(await engine.exists(fresh)).toBe(true)
  },

  'returns the same version as load': async ({ engine, stored }) => {
    const { id, version } = await stored('first')
    expect((await engine.load(id))?.version).toBe(version)
  },

  'returns taken if the id has a live record, and leaves that record unchanged': async (
    context,
  ) => {
    const { engine, stored, record } = context
    const { id, version } = await stored('first')
    expect(await engine.create(id, await record('second'))).toEqual({ status: 'taken' })
    expect(await engine.load(id)).toMatchObject({ data: 'first', version })
  },

  'reuses the id of a deleted record, under a version which that record never had': async (
    context,
  ) => {
    const { engine, stored, record } = context
    const { id, version } = await stored('first')
    await engine.delete(id)
    expect((await engine.create(id, await record('second'))).status).toBe('saved')
    const saved = await engine.save(id, await record('third'), version)
    expect(saved.status, 'save with the version of the deleted record').toBe('conflict')
    const deleted = await engine.delete(id, version)
    expect(deleted, 'delete with the version of the deleted record').toBe('conflict')
    expect((await engine.load(id))?.data).toBe('second')
  },
})

const saveCases = group('save', {
  'updates the record': async ({ engine, stored, record }) => {
    const { id } = await stored('first')
    const saved = await engine.save(id, await record('second'))
    expect(saved.status).toBe('saved')
    expect((await engine.load(id))?.data).toBe('second')
  },

  'returns missing for an id without a record, and never inserts': async ({
    engine,
    id,
    record,
  }) => {
    const fresh = id()
    expect(await engine.save(fresh, await record('first'))).toEqual({ status: 'missing' })
    expect(await engine.exists(fresh)).toBe(false)
    expect((await engine.create(fresh, await record('first'))).status).toBe('saved')
  },

  'returns missing for a deleted record, and never revives it': async ({
    engine,
    stored,
    record,
  }) => {
    const { id, version } = await stored('first')
    expect(await engine.delete(id)).toBe('deleted')
    expect(await engine.save(id, await record('second'), version)).toEqual({ status: 'missing' })
    expect(await engine.save(id, await record('second'))).toEqual({ status: 'missing' })
    expect(await engine.exists(id)).toBe(false)
  },

  'returns a new version whenever the data changes, the same as load': async (context) => {
    const { engine, stored, record } = context
    const { id, version } = await stored('data 0')
    const versions = [version]
    for (const data of ['data 1', 'data 2', 'data 3']) {
      const saved = await engine.save(id, await record(data), versions.at(-1))
      if (saved.status !== 'saved')
        throw new Error(`save returned ${saved.status} for the version that is stored`)
      versions.push(saved.version)
      expect((await engine.load(id))?.version).toBe(saved.version)
    }
    expect(new Set(versions).size, 'distinct versions of four payloads').toBe(4)
  },

  'returns conflict for any version but the stored one, and writes nothing': async (context) => {
    const { engine, stored, record, now, granularity } = context
    const { id, version } = await stored('first', { life: 60_000 })
    const second = await engine.save(id, await record('second', { life: 60_000 }), version)
    const before = await engine.load(id)

    for (const stale of [version, ...strangeVersions]) {
      expect(await engine.save(id, await record('stale'), stale)).toEqual({ status: 'conflict' })
    }

    expect(await engine.load(id)).toEqual(before)
    expect(before).toMatchObject({ data: 'second' })
    expect(before?.expiresAt).toBeLessThan((await now()) + 60_000 + granularity)
    expect(second).toEqual({ status: 'saved', version: before?.version })
  },

  'overwrites unconditionally if no version is given': async ({ engine, stored, record }) => {
    const { id, version } = await stored('first')
    await engine.save(id, await record('second'), version)
    expect((await engine.save(id, await record('third'))).status).toBe('saved')
    expect((await engine.load(id))?.data).toBe('third')
  },

  'sets the new deadline, later or earlier': async ({ engine, stored, record, granularity }) => {
    const { id } = await stored('first', { life: 600_000 })
    for (const life of [1_200_000, 300_000]) {
      const next = await record('second', { life })
      await engine.save(id, next)
      const loaded = await engine.load(id)
      expectDeadline(loaded, next.expiresAt, granularity)
    }
  },

  'leaves other records unchanged': async ({ engine, stored, record }) => {
    const one = await stored('one')
    const other = await stored('other')
    await engine.save(one.id, await record('changed'), one.version)
    expect(await engine.load(other.id)).toMatchObject({ data: 'other', version: other.version })
  },
})

const deleteCases = group('delete', {
  'removes the record; a second delete returns missing': async ({ engine, stored }) => {
    const { id } = await stored('first')
    const other = await stored('other')
    expect(await engine.delete(id)).toBe('deleted')
    expect(await engine.load(id)).toBeUndefined()
    expect(await engine.exists(id)).toBe(false)
    expect(await engine.delete(id)).toBe('missing')
    expect(await engine.exists(other.id)).toBe(true)
  },

  'removes the record if the version is the stored one': async ({ engine, stored, record }) => {
    const { id, version } = await stored('first')
    const saved = await engine.save(id, await record('second'), version)
    if (saved.status !== 'saved')
      throw new Error(`save returned ${saved.status} for the version that is stored`)
    expect(await engine.delete(id, saved.version)).toBe('deleted')
    expect(await engine.delete(id, saved.version)).toBe('missing')
    expect(await engine.exists(id)).toBe(false)
  },

  'returns conflict for any version but the stored one, and keeps the record': async (context) => {
    const { engine, stored, record } = context
    const { id, version } = await stored('first')
    await engine.save(id, await record('second'), version)
    for (const stale of [version, ...strangeVersions]) {
      expect(await engine.delete(id, stale)).toBe('conflict')
    }
    expect((await engine.load(id))?.data).toBe('second')
  },
})

const touchCases = group('touch', {
  'sets the new deadline and keeps the data': async ({ engine, stored, record, granularity }) => {
    const { id } = await stored('data', { life: 600_000 })
    for (const life of [1_200_000, 300_000]) {
      const next = await record('data', { life })
      const known = await engine.load(id)
      expect((await engine.touch(id, next, known?.version)).status).toBe('saved')
      const loaded = await engine.load(id)
      expect(loaded?.data).toBe('data')
      expectDeadline(loaded, next.expiresAt, granularity)
    }
  },

  'returns the same version as load, on which the next save can be based': async (context) => {
    const { engine, stored, record } = context
    const { id, version } = await stored('data')
    for (const known of [version, undefined]) {
      const touched = await engine.touch(id, await record('data'), known)
      expect(touched.status).toBe('saved')
      expect(touched).toMatchObject({ version: (await engine.load(id))?.version })
    }
    const loaded = await engine.load(id)
    expect((await engine.save(id, await record('next'), loaded?.version)).status).toBe('saved')
  },

  'returns conflict for any version but the stored one, and keeps the deadline': async (
    context,
  ) => {
    const { engine, stored, record } = context
    const { id, version } = await stored('first', { life: 60_000 })
    await engine.save(id, await record('second', { life: 60_000 }), version)
    const before = await engine.load(id)
    for (const stale of [version, ...strangeVersions]) {
      expect(await engine.touch(id, await record('first'), stale)).toEqual({ status: 'conflict' })
    }
    expect(await engine.load(id)).toEqual(before)
  },

  'without a version, keeps the stored data, whatever data the call carries': async (context) => {
    const { engine, stored, record } = context
    const { id } = await stored('first', { life: 600_000 })
    await engine.save(id, await record('second', { life: 600_000 }))
    const touched = await engine.touch(id, await record('first', { life: 1_200_000 }))
    expect(touched.status).toBe('saved')
    expect(touched).toMatchObject({ version: (await engine.load(id))?.version })
    expect((await engine.load(id))?.data).toBe('second')
  },

  'returns missing for a deleted record, and never revives it': async ({
    engine,
    stored,
    record,
  }) => {
    const { id, version } = await stored('data')
    await engine.delete(id)
    expect(await engine.touch(id, await record('data'), version)).toEqual({ status: 'missing' })
    expect(await engine.touch(id, await record('data'))).toEqual({ status: 'missing' })
    expect(await engine.exists(id)).toBe(false)
  },
})

/** create inserts, save updates, touch moves the deadline, delete removes; each returns why if it did nothing. */
export const writeCases = (subject: EngineSubject): readonly SuiteCase[] => [
  ...createCases(subject),
  ...saveCases(subject),
  ...touchCases(subject),
  ...deleteCases(subject),
]
