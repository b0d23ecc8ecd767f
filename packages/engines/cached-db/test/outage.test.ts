import { SessionEngineError } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cachedDbEngine } from '../src/index.ts'
import { processOver, record, versionOf, type TestProcess } from './process-over.ts'
import { cached, ID, twoStores, type TwoStores } from './two-stores.ts'

/** Lets the time pass after which the engine tries a failing cache again. */
const rest = async (): Promise<unknown> => vi.advanceTimersByTimeAsync(1000)

describe('cachedDbEngine without its cache', () => {
  let stores: TwoStores
  let one: TestProcess
  let other: TestProcess
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    stores = twoStores()
    one = processOver(stores)
    other = processOver(stores)
  })
  afterEach(() => void vi.useRealTimers())

  it('does everything with the database alone', async () => {
    one.cut()
    const created = await one.engine.create(ID, record('first'))
    expect(await one.engine.load(ID)).toMatchObject({
      data: 'first',
      version: versionOf(created),
    })
    expect(await one.engine.exists(ID)).toBe(true)
    const saved = await one.engine.save(ID, record('second'), versionOf(created))
    expect(saved.status).toBe('saved')
    expect((await one.engine.touch(ID, record('second'))).status).toBe('saved')
    expect(await one.engine.load(ID)).toMatchObject({ data: 'second' })
    expect(await one.engine.delete(ID)).toBe('deleted')
    expect(await one.engine.load(ID)).toBeUndefined()
  })

  it('reports each outage once, with the cause', async () => {
    await one.engine.create(ID, record('first'))
    one.cut()
    for (let request = 0; request < 100; request += 1) await one.engine.load(ID)
    await one.engine.save(ID, record('second'))
    expect(one.errors).toHaveLength(1)
    expect(one.errors[0]).toBeInstanceOf(SessionEngineError)
    expect(one.errors[0]).toMatchObject({
      engine: 'cache',
      operation: 'load',
      cause: new Error('The cache is down.'),
    })

    one.heal()
    await rest()
    await one.engine.load(ID)
    one.cut()
    await one.engine.load(ID)
    expect(one.errors).toHaveLength(2)
  })

  it('reports a full cache once, and still reads and deletes there', async () => {
    await one.engine.create('old', record('old'))
    one.cut('cache.create', 'cache.save')
    for (let request = 0; request < 10; request += 1) {
      await one.engine.create(`new ${request}`, record('new'))
      await one.engine.save('old', record(`old ${request}`))
      expect(await one.engine.load('old')).toMatchObject({ data: `old ${request}` })
    }
    expect(one.errors).toHaveLength(1)
    expect(await other.engine.load('old')).toMatchObject({ data: 'old 9' })
  })

  it('does not use a failing cache, except to check whether it works again', async () => {
    one.cut()
    await one.engine.load(ID)
    await rest()
    one.calls.length = 0
    for (let request = 0; request < 100; request += 1) await one.engine.load(ID)
    await one.engine.create(ID, record('first'))
    expect(one.calls.filter((call) => call.startsWith('cache.'))).toEqual([])

    one.heal()
    await rest()
    await one.engine.load(ID)
    one.calls.length = 0
    await one.engine.load(ID)
    expect(one.calls).toEqual(['cache.load'])
  })

  it('does not wait for a cache that is known to hang', async () => {
    const hung: ((error: Error) => void)[] = []
    const hang = (): Promise<never> => new Promise((_, reject) => hung.push(reject))
    const cache = { ...stores.cache, load: hang, create: hang, save: hang, delete: hang }
    const engine = cachedDbEngine({ cache, db: stores.db })
    stores.db.create(ID, record('first'))

    const early = [
      (async () => engine.load(ID))(),
      (async () => engine.load(ID))(),
      (async () => engine.save(ID, record('second')))(),
    ]
    expect(hung).toHaveLength(3)
    hung[0]?.(new Error('timeout'))
    await early[0]
    // The delete of the possibly stale entry hangs as well, but no request waits for it.
    expect(hung).toHaveLength(4)
    expect(await engine.load(ID)).toMatchObject({ data: 'first' })
    expect((await engine.touch(ID, record('first'))).status).toBe('saved')
    expect(hung).toHaveLength(4)

    hung[1]?.(new Error('timeout'))
    hung[2]?.(new Error('timeout'))
    await Promise.all(early)
    expect(await engine.load(ID)).toMatchObject({ data: 'second' })
  })

  it('sees its own writes at once, and deletes the stale copy when the cache is back, without a request', async () => {
    await one.engine.create(ID, record('first'))
    one.cut()
    await one.engine.save(ID, record('second'))
    expect(await one.engine.load(ID)).toMatchObject({ data: 'second' })
    expect(cached(stores)).toMatchObject({ data: 'first' })
    await rest()
    expect(cached(stores)).toMatchObject({ data: 'first' })

    one.heal()
    await rest()
    expect(cached(stores)).toBeUndefined()
    expect(await other.engine.load(ID)).toMatchObject({ data: 'second' })
  })

  it('lets another process use a stale copy for maxStale seconds at most', async () => {
    await one.engine.create(ID, record('first'))
    one.cut()
    await one.engine.save(ID, record('second'))

    stores.clock.advance(59_999)
    expect(await other.engine.load(ID)).toMatchObject({ data: 'first' })
    stores.clock.advance(1)
    expect(await other.engine.load(ID)).toMatchObject({ data: 'second' })
  })

  it('ends a session in every process if the cache fails after the first call of a logout', async () => {
    await one.engine.create(ID, record('first'))
    one.cut('cache.delete')
    expect(await one.engine.delete(ID)).toBe('deleted')
    expect(await other.engine.load(ID)).toBeUndefined()
    expect(await one.engine.load(ID)).toBeUndefined()
  })

  it('uses no copies for maxStale seconds if it cannot remember which ones may be stale', async () => {
    await one.engine.create(ID, record('first'))
    one.cut()
    await one.engine.save(ID, record('second'))
    for (let index = 0; index < 10_000; index += 1) await one.engine.create(`${index}`, record('x'))
    one.heal()
    await rest()
    expect(cached(stores)).toMatchObject({ data: 'first' })
    expect(await one.engine.load(ID)).toMatchObject({ data: 'second' })
    stores.clock.advance(60_000)
    await one.engine.load(ID)
    one.calls.length = 0
    await one.engine.load(ID)
    expect(one.calls).toEqual(['cache.load'])
  })

  it('deletes an entry once more if its session is written while it is being deleted', async () => {
    const deletes: ((answer: 'deleted') => void)[] = []
    let isDown = false
    const cache = {
      ...stores.cache,
      save: (...given: Parameters<typeof stores.cache.save>) => {
        if (isDown) throw new Error('The cache is down.')
        return stores.cache.save(...given)
      },
      delete: (): Promise<'deleted'> => new Promise((resolve) => deletes.push(resolve)),
    }
    const engine = cachedDbEngine({ cache, db: stores.db, clock: stores.clock })
    await engine.create(ID, record('first'))
    isDown = true
    const saved = await engine.save(ID, record('second'))
    expect(deletes).toHaveLength(1)
    // The cache is known to fail, so it is skipped, and the id is doubted again: the first delete was sent before this.
    await engine.save(ID, record('third'), versionOf(saved))
    deletes[0]?.('deleted')
    await rest()
    expect(deletes).toHaveLength(2)
    expect(await engine.load(ID)).toMatchObject({ data: 'third' })
  })

  it('ignores an onCacheError that throws or rejects', async () => {
    for (const fail of [
      (): never => {
        throw new Error('The log is full.')
      },
      async (): Promise<never> => Promise.reject(new Error('The log is full.')),
    ]) {
      const cache = { ...memoryEngine(), load: async () => Promise.reject(new Error('down')) }
      const engine = cachedDbEngine({ cache, db: stores.db, onCacheError: fail })
      expect(await engine.load('none')).toBeUndefined()
    }
  })
})

describe('cachedDbEngine without its database', () => {
  const down = ['db.load', 'db.exists', 'db.create', 'db.save', 'db.touch', 'db.delete']

  it("fails to write with the database's error, and keeps nothing of the write", async () => {
    const stores = twoStores()
    const one = processOver(stores)
    await one.engine.create(ID, record('first'))
    one.cut(...down)
    await expect(one.engine.create('new', record('new'))).rejects.toThrow('The db is down.')
    await expect(one.engine.save(ID, record('second'))).rejects.toThrow('The db is down.')
    await expect(one.engine.touch(ID, record('first'))).rejects.toThrow('The db is down.')
    await expect(one.engine.delete(ID)).rejects.toThrow('The db is down.')
    expect(stores.cache.size).toBe(0)
    one.heal()
    expect(await one.engine.load(ID)).toMatchObject({ data: 'first' })
    expect(await one.engine.load('new')).toBeUndefined()
    expect(one.errors).toEqual([])
  })

  it('reads copied sessions; any other read fails, and leaves nothing in the cache', async () => {
    const stores = twoStores()
    const one = processOver(stores)
    await one.engine.create(ID, record('first'))
    stores.db.create('cold', record('cold'))
    one.cut(...down)
    expect(await one.engine.load(ID)).toMatchObject({ data: 'first' })
    expect(await one.engine.exists(ID)).toBe(true)
    await expect(one.engine.load('cold')).rejects.toThrow('The db is down.')
    await expect(one.engine.exists('cold')).rejects.toThrow('The db is down.')
    expect(cached(stores, 'cold')).toBeUndefined()
  })
})
