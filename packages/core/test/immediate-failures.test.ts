import { describe, expect, it } from 'vitest'
import type { SessionEngine } from '../src/engine/engine.ts'
import { createSessions } from '../src/manager/sessions.ts'
import type { Session } from '../src/session/session.ts'
import { mapEngine } from './support/map-engine.ts'
import { OK } from './support/site.ts'

/** What a request does to a session that another request may have changed since it was loaded. */
interface Scenario {
  readonly name: string
  readonly use: (session: Session) => unknown
  /** What the other request does. */
  readonly other?: (session: Session) => unknown
}

const login = (session: Session): unknown => {
  session.cycleKey()
  return session.set('_auth_user_id', '42')
}

const scenarios: readonly Scenario[] = [
  { name: 'a read', use: (session) => session.get('a') },
  { name: 'a change', use: (session) => session.set('b', 1) },
  { name: 'a login', use: login },
  { name: 'a logout', use: (session) => session.flush() },
  {
    name: 'a logout and a login',
    use: (session) => {
      session.flush()
      login(session)
    },
  },
]
const others: readonly Partial<Scenario>[] = [
  {},
  { name: 'after another change', other: (session) => session.set('c', 1) },
  { name: 'after another login', other: login },
  { name: 'after a logout', other: (session) => session.flush() },
]
const cases = scenarios.flatMap((scenario) =>
  others.map((other) => ({
    ...other,
    ...scenario,
    name: [scenario.name, other.name].filter(Boolean).join(' '),
  })),
)

/** How many of a request's calls are made to fail, each alone and together with the next one. */
const CALLS = 9

/** Runs a request of which some engine calls fail, then tries again. Returns everything that can be seen of it. */
async function outcome(
  { use, other }: Scenario,
  immediate: boolean,
  failing: readonly number[],
  carriedOut: boolean,
): Promise<unknown> {
  const seen: unknown[] = []
  let bytes = 0
  let calls = Number.NEGATIVE_INFINITY
  const fails = (): boolean => failing.includes(calls++)
  const engine = mapEngine({
    now: () => 0,
    immediate,
    before: () => {
      if (!carriedOut && fails()) throw new Error('down')
    },
  })
  if (carriedOut) for (const name of OPERATIONS) loseAnswers(engine, name, fails)
  const settings = {
    engine,
    saveEveryRequest: true,
    clock: { now: () => 0 },
    sleep: async () => {},
    random: (size: number) => Uint8Array.from({ length: size }, () => bytes++ % 251),
  }
  const manager = createSessions({ ...settings, onEvent: ({ type }) => seen.push(type) })
  const first = manager.open().set('a', 1)
  await first.save()
  const key = first.sessionKey ?? ''

  const session = await manager.open(key).load()
  if (other !== undefined) {
    const concurrent = await manager.open(key).load()
    other(concurrent)
    await concurrent.save()
  }
  use(session)
  calls = 0
  const note = (event: string) => (result: unknown) =>
    seen.push([event, result instanceof Error ? result.message : result])
  await session.save().then(note('saved'), note('failed'))
  seen.push(session.modified, session.sessionKey)
  await Promise.resolve()
    .then(() => manager.commit(session, OK))
    .then(note('committed'), note('failed'))
  seen.push(session.modified, session.sessionKey, session.loaded && session.toObject())
  return [...seen, ...[...engine.records].map(([id, { data }]) => [id, data])]
}

const OPERATIONS = ['load', 'create', 'save', 'touch', 'delete'] as const

/** Makes calls fail after the engine has carried them out. */
function loseAnswers(
  engine: SessionEngine,
  name: (typeof OPERATIONS)[number],
  fails: () => boolean,
): void {
  const original = engine[name] as (...args: unknown[]) => unknown
  const lose = <T>(answer: T): T => {
    if (fails()) throw new Error('the answer was lost')
    return answer
  }
  Object.assign(engine, {
    [name]: (...args: unknown[]) => {
      const answer = original(...args)
      return answer instanceof Promise ? answer.then(lose) : lose(answer)
    },
  })
}

describe('a synchronous engine whose calls fail leaves what an asynchronous one leaves', () => {
  it.each(cases)('$name', async (scenario) => {
    for (let call = 0; call < CALLS; call++) {
      for (const failing of [[call], [call, call + 1]]) {
        for (const carriedOut of [false, true]) {
          const later = await outcome(scenario, false, failing, carriedOut)
          expect(await outcome(scenario, true, failing, carriedOut)).toEqual(later)
        }
      }
    }
  })
})
