import type { SessionEngine, SessionRecord } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { fakeClock } from '@sessions/testing'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cachedDbEngine } from '../src/index.ts'
import { failing, type Fault } from './failing.ts'

/** How long a copy is used, in milliseconds. */
const LIFETIME = 60_000

interface Step {
  readonly process: 0 | 1
  readonly slot: 0 | 1
  readonly call: 'load' | 'exists' | 'create' | 'save' | 'touch' | 'delete' | 'pass' | 'rest'
  readonly version: 'none' | 'current' | 'stale'
  /** The outcomes of the next calls to the cache, and of the next one to the database. */
  readonly cache: readonly Fault[]
  readonly db: Fault
  /** How many milliseconds pass. */
  readonly time: number
}

const fault = fc.constantFrom<Fault>('fails before', 'fails after')

/** Several calls that work, followed by some that fail. */
const faults: fc.Arbitrary<readonly Fault[]> = fc
  .tuple(fc.nat(3), fc.array(fault, { maxLength: 2 }))
  .map(([working, failing]) => [...Array<Fault>(working).fill('works'), ...failing])

const step: fc.Arbitrary<Step> = fc.record({
  process: fc.constantFrom(0, 1),
  slot: fc.constantFrom(0, 0, 1),
  call: fc.constantFrom(
    ...(['load', 'load', 'load', 'exists', 'create', 'save', 'save'] as const),
    ...(['touch', 'delete', 'pass', 'pass', 'rest'] as const),
  ),
  version: fc.constantFrom('none', 'current', 'current', 'stale'),
  cache: faults,
  db: fc.oneof({ weight: 9, arbitrary: fc.constant<Fault>('works') }, fault),
  time: fc.constantFrom(1, 20_000, 59_999, 60_000),
})

/** The states that the database has held under an id, oldest first, with their start times. */
type History = { readonly data: string | undefined; readonly since: number }[]

/** Two processes over one cache and one database. */
function world() {
  const clock = fakeClock()
  const store = memoryEngine({ clock, sweepInterval: 0 })
  const cacheFaults: Fault[] = []
  const dbFaults: Fault[] = []
  const cache = failing(memoryEngine({ clock, sweepInterval: 0 }), 'cache', cacheFaults)
  const db = failing(store, 'database', dbFaults)
  const engine = (): SessionEngine =>
    cachedDbEngine({ cache, db, clock, maxStale: LIFETIME / 1000 })
  return {
    clock,
    store,
    cacheFaults,
    dbFaults,
    engines: [engine(), engine()] as const,
    histories: [0, 1].map((): History => [{ data: undefined, since: clock.now() }]),
    /** By process and id: the index of the state that this process has written last. */
    floors: [
      [0, 0],
      [0, 0],
    ],
    /** Whether the cache has failed since it last recovered for certain. */
    failed: false,
  }
}

type World = ReturnType<typeof world>

/** The states that an engine may return: the current one and, if the cache has failed, recent enough earlier ones. */
function allowed(
  { histories, floors, failed, clock }: World,
  { process, slot }: Step,
): (string | undefined)[] {
  const history = histories[slot] ?? []
  const floor = floors[process]?.[slot] ?? 0
  return history
    .filter((_, index) => {
      const until = history[index + 1]?.since
      if (until === undefined) return true
      return failed && index >= floor && until > clock.now() - LIFETIME
    })
    .map(({ data }) => data)
}

async function play(here: World, next: Step, data: string): Promise<void> {
  const { clock, store, engines, histories } = here
  if (next.call === 'pass') return clock.advance(next.time)
  if (next.call === 'rest') return settle(here)
  const id = `id ${next.slot}`
  const engine = engines[next.process]
  const before = store.load(id)
  here.cacheFaults.push(...next.cache)
  here.dbFaults.push(next.db)
  if (next.cache.some((one) => one !== 'works')) here.failed = true

  const answer = await answerOf(
    engine,
    { ...next, id, current: before?.version, data: before?.data ?? 'x' },
    data,
  )
  const after = store.load(id)
  const history = histories[next.slot] ?? []
  if (after?.data !== before?.data) history.push({ data: after?.data, since: clock.now() })

  const dbFailed = here.dbFaults.length === 0 && next.db !== 'works'
  here.dbFaults.length = 0
  if (answer instanceof Error) {
    expect(dbFailed).toBe(true)
    expect(answer.message).toBe('The database fails.')
  } else if (next.call === 'load') {
    expect(allowed(here, next)).toContain((answer as SessionRecord | undefined)?.data)
  } else if (next.call === 'exists') {
    expect(allowed(here, next).map((one) => one !== undefined)).toContain(answer)
  } else {
    expect(typeof answer === 'string' ? answer : Reflect.get(Object(answer), 'status')).toBe(
      expected(next, before !== undefined),
    )
    here.floors[next.process]?.splice(next.slot, 1, history.length - 1)
  }
  await vi.advanceTimersByTimeAsync(0)
}

/** Lets the cache work again, and gives the engines time to delete the entries that they had failed to delete. */
async function settle(here: World): Promise<void> {
  here.cacheFaults.length = 0
  await vi.advanceTimersByTimeAsync(3000)
  here.failed = false
}

interface Call extends Step {
  readonly id: string
  readonly current: string | undefined
  /** The stored data, which a touch repeats. */
  readonly data: string
}

async function answerOf(engine: SessionEngine, call: Call, data: string): Promise<unknown> {
  const { id, current } = call
  const version = { none: undefined, current: current ?? 'none', stale: 'stale' }[call.version]
  const expiresAt = Date.UTC(2100, 0)
  const answers = {
    load: () => engine.load(id),
    exists: () => engine.exists(id),
    create: () => engine.create(id, { data, expiresAt }),
    save: () => engine.save(id, { data, expiresAt }, version),
    touch: () => engine.touch(id, { data: call.data, expiresAt }, version),
    delete: () => engine.delete(id, version),
  }
  if (call.call === 'pass' || call.call === 'rest') return undefined
  try {
    return await answers[call.call]()
  } catch (error) {
    return error
  }
}

/** The outcome of a write according to the contract. */
function expected({ call, version }: Step, live: boolean): string {
  if (call === 'create') return live ? 'taken' : 'saved'
  if (!live) return 'missing'
  if (version === 'stale') return 'conflict'
  return call === 'delete' ? 'deleted' : 'saved'
}

describe('two processes whose cache fails at any call', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  it('answer as the database does, if up to maxStale late in processes other than the writer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (steps) => {
        const here = world()
        for (const [index, next] of steps.entries()) await play(here, next, `data ${index}`)
        await settle(here)
        for (const process of [0, 1] as const) {
          for (const slot of [0, 1] as const) {
            const loaded = await here.engines[process].load(`id ${slot}`)
            expect(loaded?.data).toBe(here.store.load(`id ${slot}`)?.data)
          }
        }
      }),
      { seed: 20_260_101, numRuns: 6000 },
    )
  })
})
