import { describe, expect, it } from 'vitest'
import type { LoadedRecord } from '../src/engine/engine.ts'
import {
  createSessions,
  isSessionError,
  type Session,
  type Settings,
  type UnloadedSession,
} from '../src/index.ts'
import { platform } from '@sessions/core/platform'
import { everyInterleaving, type Scheduler } from './support/interleave.ts'
import { type MapEngine, mapEngine } from './support/map-engine.ts'

const NOW = 1_700_000_000_000
const KEY = 'k'.repeat(32)

type Data = Record<string, number>

/** What a request does between its load and its commit. */
const OPERATIONS = {
  change: (session: Session<Data>, name: string) => {
    session.set(name, 1)
    session.modify('count', (count = 0) => count + 1)
  },
  rotate: (session: Session<Data>, name: string) => {
    session.set(name, 1)
    session.cycleKey()
  },
  flush: (session: Session<Data>) => session.flush(),
  read: (session: Session<Data>) => session.get('base'),
} as const

/** `logout` is a flush without a load. */
type Operation = keyof typeof OPERATIONS | 'logout'

async function perform(
  session: UnloadedSession<Data>,
  operation: Operation,
  name: string,
): Promise<boolean> {
  if (operation === 'logout') {
    session.flush()
    return false
  }
  const loaded = await session.load()
  const found = !loaded.isEmpty
  OPERATIONS[operation](loaded, name)
  return found
}

interface Outcome {
  readonly name: string
  readonly operation: Operation
  /** The code of the error in the response; undefined if the request was acknowledged. */
  error?: string
  /** The key in the response's Set-Cookie, or null if that deletes the cookie. */
  cookie?: string | null
  /** Whether the request found the session. */
  found?: boolean
}

/** Starts a process with its own manager and engine over shared records. It is held before each engine call. */
function run(
  scheduler: Scheduler,
  records: Map<string, LoadedRecord>,
  outcome: Outcome,
  settings: Partial<Settings<Data>>,
): void {
  const { name, operation } = outcome
  const engine = mapEngine({ now: () => NOW, records, before: () => scheduler.step(name) })
  const manager = createSessions<Data>({
    engine,
    clock: { now: () => NOW },
    sleep: () => Promise.resolve(),
    ...settings,
  })
  scheduler.start(name, async () => {
    try {
      const session = manager.openFromCookies(`sessionid=${KEY}`)
      outcome.found = await perform(session, operation, name)
      const { setCookie } = await manager.commit(session, { status: 200 })
      const value = setCookie[0]?.match(/^sessionid=(\w*);/)?.[1]
      if (value !== undefined) outcome.cookie = value === '' ? null : value
    } catch (error) {
      if (!isSessionError(error)) throw error
      outcome.error = error.code
    }
  })
}

function seed(hashKeys: boolean): Map<string, LoadedRecord> {
  const records = new Map<string, LoadedRecord>()
  const engine: MapEngine = mapEngine({ now: () => NOW, records })
  const id = hashKeys ? platform.sha256Hex(KEY) : KEY
  void engine.create(id, { data: '{"base":1,"count":0}', expiresAt: NOW + 60_000 })
  return records
}

interface End {
  readonly outcomes: readonly Outcome[]
  /** The live sessions, each with its key if a client was sent that. */
  readonly alive: readonly { readonly key: string | undefined; readonly data: Data }[]
}

async function endOf(
  operations: readonly Operation[],
  settings: Partial<Settings<Data>>,
  check: (end: End, order: readonly string[]) => void,
): Promise<number> {
  const hashKeys = settings.hashKeys ?? true
  return everyInterleaving((scheduler) => {
    const records = seed(hashKeys)
    const outcomes = operations.map((operation, index): Outcome => ({
      name: 'abc'[index] ?? '',
      operation,
    }))
    for (const outcome of outcomes) run(scheduler, records, outcome, settings)
    return (order) => {
      const handedOut = [KEY, ...outcomes.flatMap(({ cookie }) => cookie ?? [])]
      const keyOf = (id: string) =>
        handedOut.find((key) => (hashKeys ? platform.sha256Hex(key) : key) === id)
      const alive = [...records]
        .map(([id, { data }]) => ({ key: keyOf(id), data: JSON.parse(data) as Data }))
        .filter(({ data }) => !('_session_successor' in data))
      check({ outcomes, alive }, order)
    }
  })
}

const names: readonly Operation[] = ['change', 'rotate', 'flush', 'logout', 'read']
const pairs = names.flatMap((a, index) => names.slice(index).map((b) => ({ operations: [a, b] })))
const triple = { operations: ['change', 'rotate', 'flush'] as const }
const isLogout = (operation: Operation): boolean => operation === 'flush' || operation === 'logout'

describe.each([...pairs, triple])('every interleaving of $operations', ({ operations }) => {
  const flushes = operations.some(isLogout)

  it('loses no acknowledged change, revives no session, and gives no new key to a request that did not rotate', async () => {
    const orders = await endOf(operations, {}, ({ outcomes, alive }, order) => {
      const at = `in the order ${order.join('')}`
      const acknowledged = outcomes.filter(({ error }) => error === undefined)

      const strangers = alive.filter(({ key }) => key === undefined)
      expect(strangers, `a living key that nobody was handed, ${at}`).toEqual([])

      for (const { operation, cookie, found } of acknowledged) {
        if (operation === 'rotate' || cookie === undefined || cookie === null) continue
        const allowed = found === true ? KEY : undefined
        if (allowed !== undefined)
          expect(cookie, `a key for a request that did not rotate, ${at}`).toBe(allowed)
      }

      if (flushes && acknowledged.some(({ operation }) => isLogout(operation))) {
        const revived = alive.filter(({ data }) => 'base' in data)
        expect(revived, `a session that was logged out, ${at}`).toEqual([])
        return
      }

      expect(
        outcomes.filter(({ error }) => error !== undefined),
        `an error, ${at}`,
      ).toEqual([])
      const sessions = alive.filter(({ data }) => 'base' in data)
      const rotations = acknowledged.filter(
        ({ operation, found }) => operation === 'rotate' && found,
      ).length
      // Of two concurrent rotations, neither gets a key to the other's session.
      expect(sessions, `one session is left for each, ${at}`).toHaveLength(rotations || 1)
      const [session] = sessions
      for (const { name, operation, found, cookie } of acknowledged) {
        if (found !== true || operation === 'read') continue
        const its = rotations > 1 ? sessions.find(({ key }) => key === cookie) : session
        expect(its?.data, `the change of ${name}, ${at}`).toMatchObject({ [name]: 1 })
      }
      const increments = acknowledged.filter(
        ({ operation, found }) => operation === 'change' && found,
      )
      expect(session?.data['count'], `increments, ${at}`).toBe(increments.length)
      if (rotations > 0)
        expect(
          sessions.map(({ key }) => key),
          `the old key opens nothing, ${at}`,
        ).not.toContain(KEY)
    })

    expect(orders).toBeGreaterThan(1)
  })
})

describe.each(pairs)(
  'every interleaving of $operations, if a rotation leaves no marker',
  ({ operations }) => {
    const flushes = operations.some(isLogout)

    it.each([{ rotationGrace: 0 }, { hashKeys: false }])(
      'interrupts a request in flight rather than answer it wrongly (%o)',
      async (settings) => {
        await endOf(operations, settings, ({ outcomes, alive }, order) => {
          const at = `in the order ${order.join('')}`
          expect(
            alive.filter(({ key }) => key === undefined),
            `a stranger, ${at}`,
          ).toEqual([])
          for (const { error } of outcomes)
            if (error !== undefined) expect(error).toBe('SESSION_INTERRUPTED')
          if (flushes) return
          const sessions = alive.filter(({ data }) => 'base' in data)
          expect(sessions, `one session is left, ${at}`).toHaveLength(1)
          for (const { name, operation, found, error } of outcomes) {
            if (error !== undefined || found !== true || operation === 'read') continue
            expect(sessions[0]?.data, `the change of ${name}, ${at}`).toMatchObject({ [name]: 1 })
          }
        })
      },
    )
  },
)
