import { createSessions, InvalidSettingError } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { beforeEach, describe, expect, it } from 'vitest'
import { cachedDbEngine, type CachedDbEngineOptions } from '../src/index.ts'
import { processOver, record, versionOf, type TestProcess } from './process-over.ts'
import { cached, ID, twoStores, type TwoStores } from './two-stores.ts'

describe('cachedDbEngine', () => {
  let stores: TwoStores
  let one: TestProcess
  let other: TestProcess
  beforeEach(() => {
    stores = twoStores()
    one = processOver(stores)
    other = processOver(stores)
  })

  /** The calls to the stores that an action makes. */
  async function callsOf(run: () => unknown): Promise<readonly string[]> {
    one.calls.length = 0
    await run()
    return [...one.calls]
  }

  it('reads only from the cache after a create, save, touch or read', async () => {
    const { engine } = one
    const read = (): Promise<readonly string[]> => callsOf(() => engine.load(ID))
    const created = await engine.create(ID, record('first'))
    expect(await read()).toEqual(['cache.load'])
    const saved = await engine.save(ID, record('second'), versionOf(created))
    expect(await read()).toEqual(['cache.load'])
    await engine.touch(ID, { ...record('second'), expiresAt: 5e12 }, versionOf(saved))
    expect(await read()).toEqual(['cache.load'])
    expect(await engine.load(ID)).toEqual({
      data: 'second',
      expiresAt: 5e12,
      version: versionOf(saved),
    })
    stores.cache.delete(ID)
    await engine.load(ID)
    expect(await read()).toEqual(['cache.load'])
    expect(await callsOf(() => engine.exists(ID))).toEqual(['cache.load'])
  })

  it('makes as few calls as possible', async () => {
    const { engine } = one
    const unknown = ['cache.load', 'cache.create', 'db.load', 'cache.delete']
    expect(await callsOf(() => engine.load('unknown'))).toEqual(unknown)
    const created = ['cache.create', 'db.create', 'cache.save']
    expect(await callsOf(() => engine.create(ID, record('first')))).toEqual(created)
    const saved = ['cache.save', 'db.save', 'cache.save']
    expect(await callsOf(() => engine.save(ID, record('second')))).toEqual(saved)
    const deleted = ['cache.save', 'db.delete', 'cache.delete']
    expect(await callsOf(() => engine.delete(ID))).toEqual(deleted)
    stores.db.create('cold', record('cold'))
    const filled = ['cache.load', 'cache.create', 'db.load', 'cache.save']
    expect(await callsOf(() => engine.load('cold'))).toEqual(filled)
  })

  it('leaves nothing in the cache for unknown keys', async () => {
    for (let index = 0; index < 100; index += 1) {
      expect(await one.engine.load(`unknown ${index}`)).toBeUndefined()
      expect(await one.engine.exists(`unknown ${index}`)).toBe(false)
      expect(await one.engine.save(`saved ${index}`, record('x'))).toEqual({ status: 'missing' })
      expect(await one.engine.delete(`deleted ${index}`)).toBe('missing')
    }
    expect(stores.cache.size).toBe(0)
  })

  it('reads from the database after each conflict with another process', async () => {
    await one.engine.create(ID, record('first'))
    for (let round = 0; round < 3; round += 1) {
      const loaded = await one.engine.load(ID)
      // Bypasses the engine, so that the copy is stale.
      stores.db.save(ID, record(`other ${round}`))
      expect(await one.engine.save(ID, record('mine'), loaded?.version)).toEqual({
        status: 'conflict',
      })
      expect(await callsOf(() => one.engine.load(ID))).toContain('db.load')
      expect(await one.engine.load(ID)).toMatchObject({ data: `other ${round}` })
    }
  })

  it('removes the copy if a delete, touch or save finds that the session has gone', async () => {
    for (const write of [
      () => one.engine.delete(ID, 'stale'),
      () => one.engine.touch(ID, record('first'), 'stale'),
      () => one.engine.save(ID, record('first')),
    ]) {
      await one.engine.create(ID, record('first'))
      stores.db.delete(ID)
      await write()
      expect(cached(stores)).toBeUndefined()
    }
  })

  it('does not copy the data of a touch without a version', async () => {
    await one.engine.create(ID, record('first'))
    await one.engine.touch(ID, record('something else'))
    expect(await one.engine.load(ID)).toMatchObject({ data: 'first' })
  })

  it('reads from the database again when a copy is maxStale seconds old', async () => {
    const { cache, db, clock } = stores
    const engine = cachedDbEngine({ cache, db, clock, maxStale: 5 })
    await engine.create(ID, record('first'))
    db.save(ID, record('second'))
    clock.advance(4999)
    expect(await engine.load(ID)).toMatchObject({ data: 'first' })
    clock.advance(1)
    expect(await engine.load(ID)).toMatchObject({ data: 'second' })
  })

  it('counts the age of a copy from before the database was asked, which may answer late', async () => {
    const { cache, clock, seenBy } = stores
    const after = (call: string): void => {
      if (call.startsWith('db.')) clock.advance(4000)
    }
    const slow = seenBy({ before: () => undefined, after })
    const engine = cachedDbEngine({ cache, db: slow.db, clock, maxStale: 5 })
    const asked = clock.now()
    await engine.create(ID, record('first'))
    expect(cache.load(ID)).toMatchObject({ expiresAt: asked + 5000 })
    clock.advance(1000)
    await engine.load(ID)
    expect(cache.load(ID)).toMatchObject({ expiresAt: asked + 10_000 })
  })

  it('does not use a copy beyond the deadline of the session', async () => {
    await one.engine.create(ID, { data: 'short', expiresAt: stores.clock.now() + 1000 })
    stores.clock.advance(999)
    expect(await one.engine.load(ID)).toMatchObject({ data: 'short' })
    stores.clock.advance(1)
    expect(await one.engine.load(ID)).toBeUndefined()
    expect(await one.engine.exists(ID)).toBe(false)
  })

  it.each([
    '',
    '{"user":"eve"}',
    'copy:',
    'copy:{"user":"eve"}',
    `copy:${'5'.repeat(16)}0000000x1`,
    `copy:${'x'.repeat(16)}000000011`,
    `copy:${'5'.repeat(16)}000000021`,
  ])('replaces the entry %j of another program by a copy of the row', async (value) => {
    stores.db.create(ID, record('first'))
    stores.cache.create(ID, record(value))
    expect(await one.engine.load(ID)).toMatchObject({ data: 'first' })
    expect(cached(stores)).toMatchObject({ data: 'first' })
  })

  it('reads from the database if another process holds a lease, and leaves the lease alone', async () => {
    stores.db.create(ID, record('first'))
    stores.cache.create(ID, { data: 'lease', expiresAt: stores.clock.now() + 10_000 })
    expect(await callsOf(() => one.engine.load(ID))).toEqual(['cache.load', 'db.load'])
    expect(cached(stores)).toBe('lease')
    stores.clock.advance(10_000)
    await one.engine.load(ID)
    expect(cached(stores)).toMatchObject({ data: 'first' })
  })

  it('shows every process a change whose writer died before it could update the cache', async () => {
    await one.engine.create(ID, record('first'))
    const dying = cachedDbEngine({
      clock: stores.clock,
      ...stores.seenBy({
        before: () => undefined,
        after: (call) => (call === 'db.save' ? new Promise(() => undefined) : undefined),
      }),
    })
    void dying.save(ID, record('second'))
    while (stores.db.load(ID)?.data !== 'second') await new Promise(setImmediate)

    expect(await other.engine.load(ID)).toMatchObject({ data: 'second' })
    stores.clock.advance(10_000)
    expect(await other.engine.load(ID)).toMatchObject({ data: 'second' })
    expect(cached(stores)).toMatchObject({ data: 'second' })
  })

  it('finds sessions in the database, and ends them in the cache as well', async () => {
    const { cache, db } = stores
    const engine = cachedDbEngine({ cache, db, clock: stores.clock })
    const manager = createSessions<{ userId: string }>({
      engine,
      clock: stores.clock,
      attributes: { userId: (data) => data.userId },
    })
    const session = manager.open()
    session.set('userId', 'ada')
    await session.save()
    expect(await manager.end({ userId: 'ada' })).toBe(1)
    expect((await manager.open(session.sessionKey ?? '').load()).isEmpty).toBe(true)
    expect(cache.size).toBe(0)
  })

  it('has clearExpired and find only if the database has them', async () => {
    const { find, clearExpired, ...plain } = { ...stores.db }
    expect(find).toBeTypeOf('function')
    expect(clearExpired).toBeTypeOf('function')
    const engine = cachedDbEngine({ cache: stores.cache, db: plain })
    expect(engine).not.toHaveProperty('find')
    expect(engine).not.toHaveProperty('clearExpired')
  })

  it('returns no attributes, whether or not the row was in the cache', async () => {
    await one.engine.create(ID, { ...record('first'), attributes: { userId: 'ada' } })
    const hit = await one.engine.load(ID)
    stores.cache.delete(ID)
    expect(await other.engine.load(ID)).toEqual(hit)
    expect(hit).not.toHaveProperty('attributes')
    expect(stores.cache.load(ID)).not.toHaveProperty('attributes')
  })

  it.each([undefined, null, {}, { load() {} }, { seal: () => '', unseal: () => undefined }])(
    'refuses %j as an engine',
    (wrong) => {
      const cache = memoryEngine()
      expect(() => cachedDbEngine({ cache, db: wrong as never })).toThrow(/^db must be a session/)
      expect(() => cachedDbEngine({ cache: wrong as never, db: cache })).toThrow(/^cache must be/)
    },
  )

  it('refuses the same engine as cache and db', () => {
    const engine = memoryEngine()
    expect(() => cachedDbEngine({ cache: engine, db: engine })).toThrow(/other than `db`/)
  })

  it.each([0, -1, Number.NaN, Infinity, '60'])('refuses a maxStale of %j', (maxStale) => {
    expect(() => cachedDbEngine({ ...both(), maxStale: maxStale as never })).toThrow(
      /^maxStale must be a positive number of seconds/,
    )
  })

  it('refuses an onCacheError that is not a function', () => {
    expect(() => cachedDbEngine({ ...both(), onCacheError: 'log' as never })).toThrow(
      /^onCacheError must be a function/,
    )
  })

  it.each<[options: unknown, message: RegExp]>([
    [
      undefined,
      /^options of cachedDbEngine must be an object; valid names are cache, db, maxStale/,
    ],
    [memoryEngine(), /^name is not an option of cachedDbEngine: valid names are cache, db/],
    [{ ...both(), ttl: 60 }, /^ttl is not an option of cachedDbEngine/],
    [{ ...both(), clock: {} }, /^clock must have a method `now`/],
    [{ ...both(), maxStale: null }, /^maxStale must be a positive number/],
  ])('refuses the options %o', (options, message) => {
    expect(() => cachedDbEngine(options as never)).toThrow(InvalidSettingError)
    expect(() => cachedDbEngine(options as never)).toThrow(message)
  })
})

function both(): Pick<CachedDbEngineOptions, 'cache' | 'db'> {
  return { cache: memoryEngine(), db: memoryEngine() }
}
