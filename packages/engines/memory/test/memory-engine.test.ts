import { spawnSync } from 'node:child_process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { InvalidSettingError, type SessionRecord } from '@sessions/core'
import { describeEngine, fakeClock } from '@sessions/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { memoryEngine, type MemoryEngine } from '../src/index.ts'

describeEngine('memoryEngine', {
  clearExpired: true,
  find: true,
  open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
})

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + 3_600_000 })

/** Fills an engine that has room for three sessions, uses it, adds a fourth, and returns the ids that are left. */
const full = (use: (engine: ReturnType<typeof memoryEngine>) => unknown): readonly string[] => {
  const engine = memoryEngine({ maxEntries: 3 })
  for (const id of ['a', 'b', 'c']) engine.create(id, record(id))
  use(engine)
  engine.create('d', record('d'))
  return ['a', 'b', 'c', 'd'].filter((id) => engine.exists(id))
}

/** A payload of 500 bytes as `JSON.stringify` returns it: not yet contiguous in memory. */
const payload = (index: number): string => {
  const data = JSON.stringify({ user: index, filler: 'x'.repeat(460), at: 1e9 + index })
  return data.padEnd(500)
}
/** A key sliced from a long Cookie header. */
const idOf = (index: number): string =>
  `${'cookie='.repeat(100)}${index}`.padStart(1000, 'f').slice(-64)

describe('memoryEngine', () => {
  it('returns plain values, not promises', () => {
    const engine = memoryEngine()
    const created = engine.create('id', record('data'))
    expect(created.status).toBe('saved')
    expect(engine.load('id')?.data).toBe('data')
    expect(engine.exists('id')).toBe(true)
    expect(engine.save('id', record('next')).status).toBe('saved')
    expect(engine.touch('id', record('next')).status).toBe('saved')
    expect(engine.delete('id')).toBe('deleted')
  })

  it('has methods that work when destructured', () => {
    const { create, load } = memoryEngine()
    create('id', record('data'))
    expect(load('id')?.data).toBe('data')
  })

  it.each<[options: unknown, message: RegExp]>([
    [
      null,
      /^options of memoryEngine must be an object; valid names are maxEntries, sweepInterval, clock/,
    ],
    [100, /^options of memoryEngine must be an object/],
    [
      { ttl: 5 },
      /^ttl is not an option of memoryEngine: valid names are maxEntries, sweepInterval, clock/,
    ],
    [{ maxEntries: null }, /^maxEntries must be a whole number/],
    [{ sweepInterval: '60' }, /^sweepInterval must be a number of seconds/],
    [{ sweepInterval: null }, /^sweepInterval must be a number of seconds/],
    [{ clock: {} }, /^clock must have a method `now`/],
    [{ clock: () => 0 }, /^clock must have a method `now`/],
  ])('refuses the options %o', (options, message) => {
    expect(() => memoryEngine(options as object)).toThrow(InvalidSettingError)
    expect(() => memoryEngine(options as object)).toThrow(message)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses maxEntries of %s', (maxEntries) => {
    expect(() => memoryEngine({ maxEntries })).toThrow(/maxEntries must be a whole number/)
  })

  it.each([-1, Number.NaN, 2_147_484, Infinity])(
    'refuses a sweepInterval of %s',
    (sweepInterval) => {
      expect(() => memoryEngine({ sweepInterval })).toThrow(
        /sweepInterval must be a number of seconds/,
      )
    },
  )

  it.each([0, -1, 1.5, Number.NaN])('refuses a batchSize of %s', async (batchSize) => {
    await expect(memoryEngine().clearExpired({ batchSize })).rejects.toThrow(/batchSize must be/)
  })
})

describe('a full memoryEngine', () => {
  it('drops the oldest session if none has been used since', () => {
    expect(full(() => {})).toEqual(['b', 'c', 'd'])
  })

  it('keeps sessions that were recently loaded, saved or touched', () => {
    expect(full((engine) => engine.load('a'))).toEqual(['a', 'c', 'd'])
    expect(full((engine) => engine.save('a', record('a')))).toEqual(['a', 'c', 'd'])
    expect(full((engine) => engine.touch('a', record('a')))).toEqual(['a', 'c', 'd'])
  })

  it('drops the session whose last use is the oldest, however often it was used before', () => {
    expect(full((engine) => ['b', 'a', 'c', 'b'].map((id) => engine.load(id)))).toEqual([
      'b',
      'c',
      'd',
    ])
    expect(full((engine) => ['c', 'b', 'a'].map((id) => engine.load(id)))).toEqual(['a', 'b', 'd'])
  })

  it('does not count exists() as a use', () => {
    expect(full((engine) => engine.exists('a'))).toEqual(['b', 'c', 'd'])
  })

  it('has room again after a delete', () => {
    expect(full((engine) => engine.delete('b'))).toEqual(['a', 'c', 'd'])
    expect(full((engine) => engine.delete('a'))).toEqual(['b', 'c', 'd'])
    expect(full((engine) => engine.delete('c'))).toEqual(['a', 'b', 'd'])
  })

  it('never holds more than maxEntries sessions', () => {
    const engine = memoryEngine({ maxEntries: 100 })
    for (let index = 0; index < 1000; index += 1) engine.create(`id ${index}`, record('data'))
    expect(engine.size).toBe(100)
    expect(engine.exists('id 899')).toBe(false)
    expect(engine.exists('id 900')).toBe(true)
  })

  it('drops nothing if the id to create is taken', () => {
    expect(full((engine) => engine.create('b', record('b')))).toEqual(['b', 'c', 'd'])
  })
})

describe('the background sweep', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('removes expired sessions that nobody asks for', async () => {
    vi.useFakeTimers()
    const engine = memoryEngine({ sweepInterval: 10 })
    for (let index = 0; index < 2500; index += 1) {
      const life = index === 0 ? 60_000 : 5_000
      engine.create(`id ${index}`, { data: '{}', expiresAt: Date.now() + life })
    }

    await vi.advanceTimersByTimeAsync(9_999)
    expect(engine.size).toBe(2500)
    await vi.advanceTimersByTimeAsync(10)
    expect(engine.size).toBe(1)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(engine.size).toBe(0)
  })

  it('resumes at the next new session after the runtime has dropped its timer', async () => {
    vi.useFakeTimers()
    const engine = memoryEngine({ sweepInterval: 10 })
    engine.create('first', { data: '{}', expiresAt: Date.now() + 5_000 })
    vi.clearAllTimers()
    vi.setSystemTime(Date.now() + 60_000)

    engine.create('second', { data: '{}', expiresAt: Date.now() + 60_000 })
    await vi.advanceTimersByTimeAsync(10_010)

    expect(engine.size).toBe(1)
  })

  it('runs a single timer if the one that seemed lost was only late', async () => {
    vi.useFakeTimers()
    const engine = memoryEngine({ sweepInterval: 10 })
    engine.create('first', { data: '{}', expiresAt: Date.now() + 600_000 })
    vi.setSystemTime(Date.now() + 60_000)

    engine.create('second', { data: '{}', expiresAt: Date.now() + 600_000 })
    await vi.advanceTimersByTimeAsync(60_000)

    expect(vi.getTimerCount()).toBe(1)
  })

  it('has no timer before the first session or while there are none', async () => {
    vi.useFakeTimers()
    const engine = memoryEngine({ sweepInterval: 10 })
    expect(vi.getTimerCount()).toBe(0)

    engine.create('id', record('data'))
    engine.create('other', record('data'))
    expect(vi.getTimerCount()).toBe(1)

    engine.delete('id')
    engine.delete('other')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(vi.getTimerCount()).toBe(0)

    engine.create('id', record('data'))
    expect(vi.getTimerCount()).toBe(1)
  })

  it('is off with an interval of 0', () => {
    vi.useFakeTimers()
    memoryEngine({ sweepInterval: 0 }).create('id', record('data'))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not keep the process alive', () => {
    const script = `
      import { memoryEngine } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url))}
      memoryEngine({ sweepInterval: 3600 }).create('id', { data: '{}', expiresAt: Date.now() + 60_000 })
    `
    const run = [
      '--conditions=@sessions/source',
      '--import=tsx',
      '--input-type=module',
      '-e',
      script,
    ]
    const { status, signal, stderr } = spawnSync(process.execPath, run, {
      timeout: 20_000,
      encoding: 'utf8',
    })
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' })
  })

  it('is skipped if the runtime has no timers, and clearExpired still works', async () => {
    vi.stubGlobal('setTimeout', undefined)
    try {
      const engine = memoryEngine({ clock: fakeClock(0) })
      engine.create('one', { data: '{}', expiresAt: -1 })
      engine.create('other', { data: '{}', expiresAt: -1 })
      expect(await engine.clearExpired({ batchSize: 1 })).toBe(2)
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('find', () => {
  it('yields to the event loop while it scans', async () => {
    const engine = memoryEngine({ sweepInterval: 0 })
    for (let index = 0; index < 5000; index += 1) {
      const attributes = { user: index === 4999 ? 'ada' : 'bob' }
      engine.create(`id ${index}`, { ...record('{}'), attributes })
    }

    const turns: string[] = []
    setTimeout(() => turns.push('other'), 0)
    for await (const { id } of engine.find('user', 'ada')) turns.push(id)

    expect(turns).toEqual(['other', 'id 4999'])
  })

  // It yields after every 1000 sessions.
  describe.each([999, 1000])('while it yields to the event loop, session %d', (number) => {
    const id = `id ${number}`
    const attributes = { user: 'ada' }
    const clock = fakeClock()
    const lasting = (): SessionRecord => ({ data: '{}', expiresAt: clock.now() + 60_000 })
    afterEach(() => void vi.unstubAllGlobals())

    /** Fills an engine and searches for the session; does something else meanwhile, and returns what is found after that. */
    const during = async (meanwhile: (engine: MemoryEngine) => void) => {
      const engine = memoryEngine({ clock, maxEntries: 1500, sweepInterval: 0 })
      for (let index = 0; index < 1500; index += 1) {
        engine.create(`id ${index}`, index === number ? { ...lasting(), attributes } : lasting())
      }
      let found: string[] = []
      vi.stubGlobal('setTimeout', (resume: () => void) => {
        meanwhile(engine)
        found = []
        resume()
      })
      for await (const session of engine.find('user', 'ada')) found.push(session.id)
      return { engine, found }
    }

    it('can be deleted, and is not found', async () => {
      const { found } = await during((engine) => engine.delete(id))
      expect(found).toEqual([])
    })

    it('can expire and be created again, and is found and kept', async () => {
      const { engine, found } = await during((searched) => {
        clock.advance(60_000)
        searched.create(id, { ...lasting(), attributes })
      })
      expect(found).toEqual([id])
      expect(engine.exists(id)).toBe(true)
    })

    it('can expire and be removed, and the full engine keeps its newest sessions', async () => {
      const { engine } = await during((searched) => {
        clock.advance(60_000)
        searched.load(id)
      })
      for (let index = 0; index < 10; index += 1) engine.create(`new ${index}`, lasting())
      expect(engine.size).toBe(1500)
      for (let index = 0; index < 10; index += 1) expect(engine.exists(`new ${index}`)).toBe(true)
    })
  })
})

describe('clearExpired', () => {
  it('yields to the event loop between two batches', async () => {
    const clock = fakeClock()
    const engine = memoryEngine({ clock, sweepInterval: 0 })
    for (let index = 0; index < 30; index += 1) {
      engine.create(`id ${index}`, { data: '{}', expiresAt: clock.now() + 1 })
    }
    clock.advance(1)

    const turns: string[] = []
    setTimeout(() => turns.push('other'), 0)
    await engine.clearExpired({ batchSize: 10, onProgress: (deleted) => turns.push(`${deleted}`) })

    expect(turns.indexOf('other')).toBeGreaterThan(0)
    expect(turns.indexOf('other')).toBeLessThan(3)
  })
})

describe('memory', () => {
  const SESSIONS = 100_000
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')

  const heapUsed = (): number => {
    if (typeof collect === 'function') for (let round = 0; round < 3; round += 1) collect()
    return process.memoryUsage().heapUsed
  }
  it('is less than 350 bytes per session besides a payload of 500, and is freed when the sessions expire', async () => {
    const clock = fakeClock()
    const engine = memoryEngine({ clock, sweepInterval: 0 })
    const before = heapUsed()
    for (let index = 0; index < SESSIONS; index += 1) {
      const created = engine.create(idOf(index), {
        data: payload(index),
        expiresAt: clock.now() + 60_000,
      })
      if (created.status !== 'saved') throw new Error('created twice')
    }
    for (let index = 0; index < SESSIONS; index += 1) engine.load(idOf(index))

    const each = (heapUsed() - before) / SESSIONS
    expect(engine.size).toBe(SESSIONS)
    expect(each - 500).toBeGreaterThan(0)
    expect(each - 500).toBeLessThan(350)

    clock.advance(60_000)
    expect(await engine.clearExpired({ batchSize: 10_000 })).toBe(SESSIONS)
    expect((heapUsed() - before) / SESSIONS).toBeLessThan(10)
  })
})
