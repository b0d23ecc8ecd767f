import assert from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import { isSessionError } from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { incremented, type Value } from './support/replay-model.ts'
import { AGE, GRACE, type Mine, SessionModel } from './support/session-model.ts'
import { nextCookies, type Site, site } from './support/site.ts'
import { fc } from './support/fast-check.ts'

/** A client, and its request in progress. */
interface Real {
  readonly site: Site
  cookie: string | undefined
  session: Session
}

/** An operation on both the model and the real session. Both must return the same. */
interface Operation {
  readonly name: string
  model(model: SessionModel, mine: Mine): unknown
  real(session: Session): unknown
}

type Command = fc.AsyncCommand<SessionModel, Real>

const key = fc.constantFrom('a', 'b', '__proto__')
const value: fc.Arbitrary<Value> = fc.oneof(fc.nat(3), fc.array(fc.nat(3), { maxLength: 2 }))
const values = fc.dictionary(fc.constantFrom('a', 'b'), value)

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(key, value).map(([k, v]) => ({
    name: `set ${k} ${JSON.stringify(v)}`,
    model: (model: SessionModel, mine: Mine) => model.set(mine, k, structuredClone(v)),
    real: (session: Session) => void session.set(k, structuredClone(v)),
  })),
  fc.tuple(key, value).map(([k, v]) => ({
    name: `data ${k} = ${JSON.stringify(v)}`,
    model: (_: SessionModel, mine: Mine) => void mine.values.set(k, structuredClone(v)),
    real: (session: Session) => void (session.data[k] = structuredClone(v)),
  })),
  key.map((k) => ({
    name: `push to ${k}`,
    model: (_: SessionModel, mine: Mine) => push(mine.values.get(k)),
    real: (session: Session) => push(session.get(k)),
  })),
  key.map((k) => ({
    name: `delete ${k}`,
    model: (model: SessionModel, mine: Mine) => model.delete(mine, k),
    real: (session: Session) => session.delete(k),
  })),
  key.map((k) => ({
    name: `pop ${k}`,
    model: (model: SessionModel, mine: Mine) => {
      const popped = mine.values.get(k)
      model.delete(mine, k)
      return popped
    },
    real: (session: Session) => session.pop(k),
  })),
  key.map((k) => ({
    name: `setDefault ${k}`,
    model: (model: SessionModel, mine: Mine) => {
      if (!mine.values.has(k)) model.set(mine, k, 7)
      return mine.values.get(k)
    },
    real: (session: Session) => session.setDefault(k, 7),
  })),
  key.map((k) => ({
    name: `increment ${k}`,
    model: (model: SessionModel, mine: Mine) => {
      model.increment(mine, k)
      return mine.values.get(k)
    },
    real: (session: Session) => session.modify(k, incremented),
  })),
  values.map((given) => ({
    name: `update ${JSON.stringify(given)}`,
    model: (model: SessionModel, mine: Mine) => {
      for (const [k, v] of Object.entries(given)) model.set(mine, k, structuredClone(v))
      mine.modified = true
    },
    real: (session: Session) => session.update(structuredClone(given)),
  })),
  fc.constantFrom(null, 0, 5, 50, -1).map((expiry) => ({
    name: `setExpiry ${expiry}`,
    model: (model: SessionModel, mine: Mine) => model.setExpiry(mine, expiry ?? undefined),
    real: (session: Session) => session.setExpiry(expiry),
  })),
  fc.constantFrom('clear', 'flush', 'cycleKey').map((name) => ({
    name,
    model: (model: SessionModel, mine: Mine) => model[name](mine),
    real: (session: Session) => session[name](),
  })),
)

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: operation.map(({ name, model, real }) =>
      step(name, async (m, r) => {
        assert.deepEqual(real(r.session), model(m, m.mine))
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: operation.map(({ name, model, real }) =>
      step(`another request: ${name}`, async (m, r) => {
        const mine = m.open()
        model(m, mine)
        const session = await load(r)
        real(session)
        assert.equal(await commit(r, session, 200), m.commit(mine))
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(200, 200, 200, 404, 500).map((status) =>
      step(`commit ${status}`, async (m, r) => {
        assert.equal(await commit(r, r.session, status), m.commit(m.mine, status < 500))
        await reopen(m, r)
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      step('save', async (m, r) => {
        const saved = await r.session.save().then(() => true, isInterruption)
        assert.equal(saved, m.store(m.mine, true, true))
        if (!saved) await reopen(m, r)
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant(step('a request that breaks off', reopen)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1, 5, GRACE, AGE).map((seconds) =>
      step(`${seconds} s pass`, async (m, r) => {
        m.now += seconds
        r.site.clock.pass(seconds)
      }),
    ),
  },
)

describe('Session', () => {
  it('behaves like its model: a Map, a clock and the rules of the merge', async () => {
    const commands = fc.commands([command], { maxCommands: 40, size: '+1' })
    const property = fc.asyncProperty(commands, (run) => fc.asyncModelRun(setup, run))

    await expect(fc.assert(property, { numRuns: 400 })).resolves.toBeUndefined()
  })
})

async function setup(): Promise<{ model: SessionModel; real: Real }> {
  const given = { site: site({ cookie: { age: AGE } }), cookie: undefined }
  return { model: new SessionModel(), real: { ...given, session: await load(given) } }
}

/** A command that is always possible, and after which the session must equal the model. */
function step(name: string, run: (model: SessionModel, real: Real) => Promise<void>): Command {
  return {
    check: () => true,
    toString: () => name,
    async run(model, real) {
      await run(model, real)
      const { mine } = model
      const { session } = real
      assert.deepEqual([...session.entries()], [...mine.values])
      const seen = {
        size: session.size,
        isEmpty: session.isEmpty,
        modified: session.modified,
        age: session.getExpiryAge(),
        atBrowserClose: session.getExpireAtBrowserClose(),
        hasKey: session.sessionKey !== undefined,
      }
      assert.deepEqual(seen, {
        size: mine.values.size,
        isEmpty: model.isEmpty(mine),
        modified: mine.modified,
        age: mine.expiry || AGE,
        atBrowserClose: mine.expiry === 0,
        hasKey: mine.stored !== undefined,
      })
    },
  }
}

async function load(real: Omit<Real, 'session'>): Promise<Session> {
  const session = await real.site.manager.openFromCookies(real.cookie).load()
  // From here on, in-place changes are detected.
  void session.data
  return session
}

async function reopen(model: SessionModel, real: Real): Promise<void> {
  model.mine = model.open()
  real.session = await load(real)
}

async function commit(real: Real, session: Session, status: number): Promise<boolean> {
  try {
    const { setCookie } = await real.site.manager.commit(session, { status })
    real.cookie = nextCookies(real.cookie, setCookie)
    return true
  } catch (error) {
    return isInterruption(error)
  }
}

/** Returns false for an interruption, which the model predicts; throws any other error. */
function isInterruption(error: unknown): false {
  if (isSessionError(error) && error.code === 'SESSION_INTERRUPTED') return false
  throw error
}

function push(list: unknown): void {
  if (Array.isArray(list)) list.push(9)
}
