import type { SessionEngine, SessionRecord } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { cachedDbEngine } from '../src/index.ts'
import { everyInterleaving, type Scheduler } from './scheduler.ts'
import { cached, ID, twoStores, type TwoStores } from './two-stores.ts'

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.UTC(2100, 0) })

/** What a request does to the session that the database held as `first`, under the version `base`. */
const requests = {
  reader: (engine: SessionEngine) => engine.load(ID),
  'second reader': (engine: SessionEngine) => engine.load(ID),
  writer: (engine: SessionEngine, base: string) => engine.save(ID, record('writer'), base),
  'other writer': (engine: SessionEngine) => engine.save(ID, record('other writer')),
  creator: (engine: SessionEngine) => engine.create(ID, record('creator')),
  toucher: (engine: SessionEngine, base: string) => engine.touch(ID, record('first'), base),
  logout: (engine: SessionEngine) => engine.delete(ID),
} as const

/** What else may happen: a lease ends before the call that took it, the cache forgets. */
const events = {
  time: ({ clock }: TwoStores) => clock.advance(11_000),
  eviction: ({ cache }: TwoStores) => void cache.delete(ID),
} as const

type Request = keyof typeof requests | keyof typeof events

interface Scenario {
  readonly stores: TwoStores
  readonly base: string
  readonly scheduler: Scheduler
  /** What the database held, and since when nobody may be answered less. */
  floor: number
}

/** What a request reads is what the database held when it began, as far as anybody had been told, or later. */
async function perform(name: Request, engine: SessionEngine, scenario: Scenario): Promise<void> {
  const { scheduler, stores, base } = scenario
  if (name === 'time' || name === 'eviction') {
    await scheduler.turn(name)
    return events[name](stores)
  }
  const reads = name === 'reader' || name === 'second reader'
  if (reads) await scheduler.turn(`${name} begins`)
  const { floor } = scenario
  const answer = await requests[name](engine, base)
  if (reads) {
    const data = typeof answer === 'object' ? Reflect.get(answer, 'data') : undefined
    expect(stores.history.slice(floor)).toContain(data)
  }
  if (answer === 'deleted') scenario.floor = stores.history.lastIndexOf(undefined)
  const wrote = stores.history.lastIndexOf(name)
  if (wrote > scenario.floor) scenario.floor = wrote
}

/** Runs the requests in every order, in processes of their own or in one. */
async function run(names: readonly Request[], how: Temperature & Processes): Promise<number> {
  return everyInterleaving((scheduler) => {
    const stores = twoStores()
    const { clock } = stores
    const base = stored(stores, how.cache === 'warm')
    const scenario: Scenario = { stores, base, scheduler, floor: 1 }
    const before = (process: string) => (call: string) => scheduler.turn(`${process} ${call}`)
    // If two requests share a reading, it matters when the answer comes.
    const shares = names.includes('second reader')
    const after = (call: string): Promise<void> | undefined =>
      shares && call === 'db.load' ? scheduler.turn('db.load answers') : undefined
    const one = cachedDbEngine({ ...stores.seenBy({ before: before('process'), after }), clock })
    const ended = names.map(async (name) => {
      const own = cachedDbEngine({ ...stores.seenBy({ before: before(name) }), clock })
      await perform(name, how.processes === 'one' ? one : own, scenario)
    })
    return async (order) => {
      const failures = (await Promise.allSettled(ended)).filter(
        ({ status }) => status !== 'fulfilled',
      )
      expect(failures, order.join(', ')).toEqual([])
      const copy = cached(stores)
      if (copy !== undefined) expect(copy, order.join(', ')).toEqual(stores.db.load(ID))
    }
  })
}

interface Temperature {
  readonly cache: 'cold' | 'warm'
}

interface Processes {
  readonly processes: 'many' | 'one'
}

/** Stores the session in the database, and where asked for a copy of it; answers its version. */
function stored(stores: TwoStores, warm: boolean): string {
  stores.db.create(ID, record('first'))
  stores.history.push('first')
  if (warm) void cachedDbEngine({ cache: stores.cache, db: stores.db }).load(ID)
  return stores.db.load(ID)?.version ?? ''
}

const apart: readonly (readonly Request[])[] = [
  ['reader', 'writer', 'logout'],
  ['reader', 'writer', 'other writer'],
  ['toucher', 'writer', 'logout'],
  ['reader', 'creator', 'logout'],
  ['reader', 'writer', 'time'],
  ['reader', 'logout', 'time'],
  ['writer', 'other writer', 'time'],
  ['reader', 'writer', 'eviction'],
  ['reader', 'logout', 'eviction'],
]

const together: readonly (readonly Request[])[] = [
  ['reader', 'second reader', 'writer'],
  ['reader', 'second reader', 'logout'],
  ['reader', 'writer', 'logout'],
]

describe.each([{ cache: 'cold' }, { cache: 'warm' }] as const)('over a $cache cache', (how) => {
  it.each(apart)('in every order, in processes of their own: %s, %s and %s', async (...names) => {
    expect(await run(names, { ...how, processes: 'many' })).toBeGreaterThan(1)
  })
  it.each(together)('in every order, in one process: %s, %s and %s', async (...names) => {
    expect(await run(names, { ...how, processes: 'one' })).toBeGreaterThan(1)
  })
})
