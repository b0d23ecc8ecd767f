import type { SessionEngine, SessionRecord } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { cachedDbEngine } from '../src/index.ts'
import { everyInterleaving, type Scheduler } from './scheduler.ts'
import { cached, ID, twoStores, type TwoStores } from './two-stores.ts'

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.UTC(2100, 0) })

/** The requests. At the start, the database holds the session as `first`, under the version `base`. */
const requests = {
  reader: (engine: SessionEngine) => engine.load(ID),
  'second reader': (engine: SessionEngine) => engine.load(ID),
  writer: (engine: SessionEngine, base: string) => engine.save(ID, record('writer'), base),
  'other writer': (engine: SessionEngine) => engine.save(ID, record('other writer')),
  creator: (engine: SessionEngine) => engine.create(ID, record('creator')),
  toucher: (engine: SessionEngine, base: string) => engine.touch(ID, record('first'), base),
  logout: (engine: SessionEngine) => engine.delete(ID),
} as const

/** Other events: a lease expires before its call has ended, or the cache evicts an entry. */
const events = {
  time: ({ clock }: TwoStores) => clock.advance(11_000),
  eviction: ({ cache }: TwoStores) => void cache.delete(ID),
} as const

type Request = keyof typeof requests | keyof typeof events

interface Scenario {
  readonly stores: TwoStores
  readonly base: string
  readonly scheduler: Scheduler
  /** The index of the oldest state in the history that a read may still return. */
  floor: number
}

/** Performs a request. A read must return the last state that was acknowledged before it began, or a later one. */
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

/** Runs the requests in every order, in separate processes or in one. */
async function run(names: readonly Request[], how: Temperature & Processes): Promise<number> {
  return everyInterleaving((scheduler) => {
    const stores = twoStores()
    const { clock } = stores
    const base = stored(stores, how.cache === 'warm')
    const scenario: Scenario = { stores, base, scheduler, floor: 1 }
    const before = (process: string) => (call: string) => scheduler.turn(`${process} ${call}`)
    // If two requests share a read, it also matters when its answer arrives.
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

/** Stores the session in the database, and in a warm cache a copy of it; returns its version. */
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
  it.each(apart)(
    'neither reads nor leaves anything stale in any order, in separate processes: %s, %s and %s',
    async (...names) => {
      expect(await run(names, { ...how, processes: 'many' })).toBeGreaterThan(1)
    },
  )
  it.each(together)(
    'neither reads nor leaves anything stale in any order, in one process: %s, %s and %s',
    async (...names) => {
      expect(await run(names, { ...how, processes: 'one' })).toBeGreaterThan(1)
    },
  )
})
