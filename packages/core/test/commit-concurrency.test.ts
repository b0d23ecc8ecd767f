import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Committed,
  createSessions,
  type MaybePromise,
  type Session,
  SessionCommittedError,
  SessionConflictError,
  SessionEngineError,
  type SessionEvent,
  SessionInterruptedError,
  type Sessions,
  type Settings,
} from '../src/index.ts'
import { type MapEngine, mapEngine } from './support/map-engine.ts'
import { keyIn } from './support/site.ts'

type Data = Record<string, unknown>

const NOW = 1_700_000_000_000
const OK = { status: 200, https: true, host: 'example.com' }

let engine: MapEngine
let manager: Sessions<Data>
let before: (operation: string) => Promise<void> | void
let events: SessionEvent[]

function managerWith(settings: Partial<Settings<Data>> = {}): Sessions<Data> {
  return createSessions<Data>({
    engine,
    clock: { now: () => NOW },
    sleep: () => Promise.resolve(),
    onEvent: (event) => events.push(event),
    ...settings,
  })
}

beforeEach(() => {
  before = () => {}
  events = []
  engine = mapEngine({ now: () => NOW, before: (operation) => before(operation) })
  manager = managerWith()
})

async function stored(data: Data): Promise<string> {
  const session = manager.open()
  session.update(data)
  await session.save()
  engine.calls.length = 0
  return session.sessionKey ?? ''
}

const load = (key: string, from = manager): Promise<Session<Data>> => from.open(key).load()
const dataOf = async (key: string): Promise<Data> => (await load(key)).toObject()

function rotate(session: Session<Data>, by = manager): MaybePromise<Committed> {
  session.cycleKey()
  return by.commit(session, OK)
}

describe('two requests over one session', () => {
  it('keep the changes of both where they changed different keys', async () => {
    const key = await stored({ base: 0 })
    const [a, b] = [await load(key), await load(key)]
    a.set('a', 1)
    b.set('b', 2)

    await Promise.all([manager.commit(a, OK), manager.commit(b, OK)])

    expect(await dataOf(key)).toEqual({ base: 0, a: 1, b: 2 })
  })

  it('keep the later commit where they changed the same key', async () => {
    const key = await stored({})
    const [a, b] = [await load(key), await load(key)]
    a.set('k', 'a')
    b.set('k', 'b')

    await manager.commit(b, OK)
    await manager.commit(a, OK)

    expect(await dataOf(key)).toEqual({ k: 'a' })
  })

  it('keep a key deleted that one of them deleted', async () => {
    const key = await stored({ gone: 1 })
    const [a, b] = [await load(key), await load(key)]
    a.delete('gone')
    b.set('b', 2)

    await manager.commit(a, OK)
    await manager.commit(b, OK)

    expect(await dataOf(key)).toEqual({ b: 2 })
  })

  it('keep a change inside of an object that was made without set', async () => {
    const key = await stored({ cart: { items: ['a'] } })
    const [a, b] = [await load(key), await load(key)]
    ;(a.get('cart') as { items: string[] }).items.push('b')
    b.set('other', 1)

    await manager.commit(b, OK)
    await manager.commit(a, OK)

    expect(await dataOf(key)).toEqual({ cart: { items: ['a', 'b'] }, other: 1 })
  })

  it('show the merged data to the one that was replayed, in the dictionary that it holds', async () => {
    const key = await stored({ list: [1] })
    const [a, b] = [await load(key), await load(key)]
    const held = a.data
    a.set('a', 1)
    b.set('b', 2)

    await b.save()
    await a.save()

    expect({ ...held }).toEqual({ list: [1], a: 1, b: 2 })
    expect(a.modified).toBe(false)
  })

  it.each<[string, (session: Session<Data>) => void, unknown]>([
    [
      'changed in place after a modify',
      (session) => (session.modify('list', (list) => list) as string[]).push('mine'),
      ['base', 'mine'],
    ],
    [
      'changed in place before a modify',
      (session) => {
        ;(session.get('list') as string[]).push('mine')
        session.modify('list', (list) => [...(list as string[]), 'more'])
      },
      ['base', 'mine', 'more'],
    ],
    [
      'set through data before a modify',
      (session) => {
        session.data['list'] = []
        session.modify('list', (list) => [...(list as string[]), 'more'])
      },
      ['more'],
    ],
    [
      'deleted through data before a modify',
      (session) => {
        delete session.data['list']
        session.modify('list', (list) => [...((list as string[] | undefined) ?? []), 'more'])
      },
      ['more'],
    ],
    [
      'changed in place between two calls of modify',
      (session) => {
        ;(session.modify('list', (list) => list) as string[]).push('mine')
        session.modify('list', (list) => [...(list as string[]), 'more'])
      },
      ['base', 'mine', 'more'],
    ],
  ])('keep what was %s, however many requests are faster', async (_, change, list) => {
    for (const conflicts of [0, 1, 2, 3]) {
      const key = await stored({ list: ['base'] })
      const a = await load(key)
      change(a)
      let left = conflicts
      before = async (operation) => {
        if (operation !== 'save' || left === 0) return
        left--
        const record = [...engine.records.entries()].at(-1)
        if (record === undefined) return
        const [id, { data, ...rest }] = record
        const theirs = { ...(JSON.parse(data) as Data), list: ['theirs'], left }
        engine.records.set(id, { ...rest, data: JSON.stringify(theirs), version: `theirs ${left}` })
      }

      await manager.commit(a, OK)

      expect(left).toBe(0)
      expect((await dataOf(key))['list']).toEqual(list)
    }
  })

  it('keep what is changed after a replay inside of an object that was held before it', async () => {
    const key = await stored({ cart: { items: ['a'] } })
    const [a, b] = [await load(key), await load(key)]
    const cart = a.get('cart') as { items: string[] }
    b.set('b', 2)
    await b.save()
    a.set('a', 1)
    await a.save()

    cart.items.push('b')
    await manager.commit(a, OK)

    expect(await dataOf(key)).toEqual({ cart: { items: ['a', 'b'] }, a: 1, b: 2 })
  })

  it('never hold the same objects', async () => {
    const key = await stored({ nested: { n: 1 } })
    const [a, b] = [await load(key), await load(key)]

    ;(a.data['nested'] as { n: number }).n = 2

    expect(b.get('nested')).toEqual({ n: 1 })
    expect(await dataOf(key)).toEqual({ nested: { n: 1 } })
  })
})

describe('two sessions whose payloads do not decode', () => {
  it('start empty, each with a dictionary of its own', async () => {
    const keys = [await stored({ a: 1 }), await stored({ b: 1 })]
    for (const id of engine.records.keys()) {
      await engine.save(id, { data: 'junk', expiresAt: NOW + 1000 })
    }
    const [first, second] = await Promise.all(keys.map((key) => load(key)))

    first?.set('secret', 1)

    expect(second?.toObject()).toEqual({})
    expect((await load(keys[0] ?? '')).toObject()).toEqual({})
  })
})

describe('fifty requests at once over one session', () => {
  const fifty = Array.from({ length: 50 }, (_, index) => index)

  it('add fifty by modify', async () => {
    const key = await stored({ n: 0 })
    const sessions = await Promise.all(fifty.map(() => load(key)))

    await Promise.all(
      sessions.map(async (session) => {
        session.modify('n', (n) => (n as number) + 1)
        return manager.commit(session, OK)
      }),
    )

    expect(await dataOf(key)).toEqual({ n: 50 })
  })

  it('keep fifty keys', async () => {
    const key = await stored({})
    const sessions = await Promise.all(fifty.map(() => load(key)))

    await Promise.all(
      sessions.map(async (session, index) => manager.commit(session.set(`key${index}`, index), OK)),
    )

    expect(Object.keys(await dataOf(key))).toHaveLength(50)
  })

  it('ask the store four times each, those of one process: they replay one after the other', async () => {
    const key = await stored({})
    const sessions = await Promise.all(fifty.map(() => load(key)))

    await Promise.all(
      sessions.map(async (session, index) => manager.commit(session.set(`k${index}`, 1), OK)),
    )

    expect(engine.calls).toHaveLength(50 + 50 + 2 * 49)
  })

  it('wait for none that failed', async () => {
    const key = await stored({})
    const [first, ...others] = await Promise.all(fifty.map(() => load(key)))
    await first?.set('first', 1).save()
    let saves = 0
    before = (operation) => {
      if (operation === 'save' && ++saves === 60) throw new Error('down')
    }

    const answers = await Promise.allSettled(
      others.map(async (session, index) => manager.commit(session.set(`k${index}`, 1), OK)),
    )

    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(Object.keys(await dataOf(key))).toHaveLength(1 + 48)
  })

  it('pause at random before a replay, and never longer than 32 ms', async () => {
    const pauses: number[] = []
    const busy = managerWith({ sleep: async (milliseconds) => void pauses.push(milliseconds) })
    const key = await stored({})
    const sessions = await Promise.all(fifty.map(() => load(key, busy)))

    await Promise.all(
      sessions.map(async (session, index) => busy.commit(session.set(`k${index}`, 1), OK)),
    )

    expect(pauses.length).toBeGreaterThan(0)
    expect(Math.max(...pauses)).toBeLessThan(32)
    expect(new Set(pauses).size).toBeGreaterThan(1)
  })
})

describe('a logout during a slow request', () => {
  it('stays a logout: the slow request is told that it was interrupted, and nothing comes back', async () => {
    const key = await stored({ user: 'ada' })
    const [slow, logout] = [await load(key), manager.open(key)]
    slow.set('cart', [1])

    logout.flush()
    await manager.commit(logout, OK)

    await expect(manager.commit(slow, OK)).rejects.toThrow(SessionInterruptedError)
    expect(engine.records.size).toBe(0)
  })

  it('lets a slow request that only read answer as if nothing had been', async () => {
    const key = await stored({ user: 'ada' })
    const renewing = managerWith({ renewAfter: 0, clock: { now: () => NOW + 1000 } })
    const slow = await load(key, renewing)
    slow.get('user')
    engine.records.clear()

    expect(await renewing.commit(slow, OK)).toMatchObject({ setCookie: [] })
  })
})

describe('a replay', () => {
  it('is refused where the session belongs to another user by now', async () => {
    const key = await stored({ _auth_user_id: '1' })
    const [a, b] = [await load(key), await load(key)]
    a.set('note', 'mine')
    b.set('_auth_user_id', '2')
    await manager.commit(b, OK)

    await expect(manager.commit(a, OK)).rejects.toThrow(SessionInterruptedError)
    expect(await dataOf(key)).toEqual({ _auth_user_id: '2' })
  })

  it.each(['merge', 'overwrite'] as const)(
    'knows a user who is noted by more than a text, with onConflict %j',
    async (onConflict) => {
      const site = managerWith({ onConflict })
      const key = await stored({ _auth_user_id: ['tenant', 1] })
      const [a, b] = [await load(key, site), await load(key, site)]
      a.set('a', 1)
      b.set('b', 2)
      await site.commit(a, OK)

      await site.commit(b, OK)

      expect(await dataOf(key)).toMatchObject({ _auth_user_id: ['tenant', 1], b: 2 })
    },
  )

  it('gives up after two hundred, with a typed error', async () => {
    const key = await stored({})
    const session = await load(key)
    engine.save = () => ({ status: 'conflict' })

    await expect(manager.commit(session.set('a', 1), OK)).rejects.toThrow(SessionConflictError)
    expect(engine.calls.filter((call) => call === 'load')).toHaveLength(201)
  })

  it('does not happen with onConflict "reject"', async () => {
    const strict = managerWith({ onConflict: 'reject' })
    const key = await stored({})
    const [a, b] = [await load(key, strict), await load(key, strict)]
    await strict.commit(a.set('a', 1), OK)

    await expect(strict.commit(b.set('b', 1), OK)).rejects.toThrow(SessionConflictError)
    expect(await dataOf(key)).toEqual({ a: 1 })
  })

  it('makes way for the whole session with onConflict "overwrite"', async () => {
    const rough = managerWith({ onConflict: 'overwrite' })
    const key = await stored({})
    const [a, b] = [await load(key, rough), await load(key, rough)]
    await rough.commit(a.set('a', 1), OK)

    await rough.commit(b.set('b', 1), OK)

    expect(await dataOf(key)).toEqual({ b: 1 })
  })

  it.each([
    ['with its response', false],
    ['after a save of its own', true],
  ])('gives no key to what somebody logged in to under another one: %s', async (_, saves) => {
    const key = await stored({ base: 0 })
    const [late, login] = [await load(key), await load(key)]
    await rotate(login.set('user', 'ada'))

    if (saves) await late.set('late', true).save()
    late.cycleKey()
    const { setCookie } = await manager.commit(late, OK)

    const own = saves ? { base: 0, late: true } : { base: 0 }
    expect(late.toObject()).toEqual(own)
    expect(setCookie).toHaveLength(1)
    expect(await dataOf(keyIn(setCookie[0]))).toEqual(own)
    expect(await dataOf(login.sessionKey ?? '')).toEqual({ ...own, user: 'ada' })
  })

  it('logs nobody in under a key that another request got: a login at the same time has its own', async () => {
    for (const others of [{ user: 'ada' }, { user: 'eve' }, {}]) {
      const key = await stored({ base: 0 })
      const [login, other] = [await load(key), await load(key)]
      other.update(others)
      await rotate(other)

      const { setCookie } = await rotate(login.set('user', 'ada'))

      expect(await dataOf(keyIn(setCookie[0]))).toEqual({ base: 0, user: 'ada' })
      expect(await dataOf(other.sessionKey ?? '')).toEqual({ base: 0, ...others })
    }
  })

  it('of a user who was logged in all along goes where the session is now, whose key the client has', async () => {
    const key = await stored({ _auth_user_id: '1' })
    const [a, b] = [await load(key), await load(key)]
    await rotate(a.set('a', 1))
    const records = engine.records.size

    const { setCookie } = await rotate(b.set('b', 1))

    expect(setCookie).toEqual([])
    expect(engine.records.size).toBe(records)
    expect(await dataOf(a.sessionKey ?? '')).toEqual({ _auth_user_id: '1', a: 1, b: 1 })
  })

  it('shows nothing of what is stored under a key that another request got, however often it is saved', async () => {
    const key = await stored({ base: 0 })
    const [old, login] = [await load(key), await load(key)]
    await rotate(login.set('_auth_user_id', '1'))

    old.modify('count', (count = 0) => Number(count) + 1)
    await old.save()
    login.set('card', '4111')
    await login.save()
    old.set('late', true)
    await old.save()

    expect(old.toObject()).toEqual({ base: 0, count: 1, late: true })
    expect(await dataOf(login.sessionKey ?? '')).toEqual({
      base: 0,
      _auth_user_id: '1',
      count: 1,
      card: '4111',
      late: true,
    })
  })

  it('is none where the marker of a rotation is its own, which the client of the store has sent twice', async () => {
    const key = await stored({ _auth_user_id: '1' })
    const session = await load(key)
    const { save } = engine
    engine.save = async (...args) => {
      await save(...args)
      return save(...args)
    }

    const { setCookie } = await rotate(session)

    expect(await dataOf(keyIn(setCookie[0]))).toEqual({ _auth_user_id: '1' })
  })

  it('of a key that another request has rotated ends with the grace', async () => {
    let now = NOW
    const site = managerWith({ clock: { now: () => now } })
    const key = await stored({})
    const [old, login] = [await load(key, site), await load(key, site)]
    await rotate(login.set('user', 'ada'), site)
    await old.set('early', true).save()

    now += 30_000

    await expect(old.set('late', true).save()).rejects.toThrow(SessionInterruptedError)
  })

  it('sends no cookie that an earlier save owed, where the key was rotated since', async () => {
    const key = await stored({})
    const old = await load(key)
    await old.set('a', 1).save()
    await rotate(await load(key))

    const { setCookie } = await manager.commit(old.set('c', 1), OK)

    expect(setCookie).toEqual([])
  })

  it.each(['merge', 'overwrite'] as const)(
    'empties no session of another user, with onConflict %j',
    async (onConflict) => {
      const site = managerWith({ onConflict })
      const key = await stored({ _auth_user_id: '1' })
      const [late, login] = [await load(key, site), await load(key, site)]
      login.set('_auth_user_id', '2').cycleKey()
      await site.commit(login, OK)

      late.clear()

      await expect(site.commit(late, OK)).rejects.toThrow(SessionInterruptedError)
      expect(await dataOf(login.sessionKey ?? '')).toEqual({ _auth_user_id: '2' })
    },
  )

  it('computes nothing again with onConflict "overwrite"', async () => {
    const rough = managerWith({ onConflict: 'overwrite' })
    const key = await stored({ cart: ['tea'] })
    const [a, b] = [await load(key, rough), await load(key, rough)]
    const computed: unknown[] = []
    a.modify('cart', (cart) => {
      computed.push(cart)
      return [...(cart as string[]), 'cup']
    })
    b.delete('cart')
    await rough.commit(b, OK)

    await rough.commit(a, OK)

    expect(computed).toEqual([['tea']])
    expect(await dataOf(key)).toEqual({ cart: ['tea', 'cup'] })
  })

  it('is refused with onConflict "overwrite" as well, where the session is of another user by now', async () => {
    const rough = managerWith({ onConflict: 'overwrite' })
    const key = await stored({ _auth_user_id: '1' })
    const [a, b] = [await load(key, rough), await load(key, rough)]
    await rough.commit(b.set('_auth_user_id', '2'), OK)

    await expect(rough.commit(a.set('a', 1), OK)).rejects.toThrow(SessionInterruptedError)
    expect(await dataOf(key)).toEqual({ _auth_user_id: '2' })
  })

  it('starts from an empty session where the stored payload does not decode any more', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    const [id = ''] = engine.records.keys()
    await engine.save(id, { data: 'junk', expiresAt: NOW + 1000 })

    await manager.commit(session.set('b', 2), OK)

    expect(await dataOf(key)).toEqual({ b: 2 })
    expect(events.map(({ type }) => type)).toContain('suspicious')
  })
})

describe('what happens while the session is being stored', () => {
  it('is stored by the next save', async () => {
    const key = await stored({})
    const session = await load(key)

    const saving = session.set('first', 1).save()
    session.set('second', 2)
    await saving

    expect(session.modified).toBe(true)
    await session.save()
    expect(await dataOf(key)).toEqual({ first: 1, second: 2 })
  })

  it('does not create the session twice: a commit waits for a save that nobody awaited', async () => {
    const session = manager.open()

    const saving = session.set('a', 1).save()
    const committed = await manager.commit(session, OK)
    await saving

    expect(engine.calls).toEqual(['create'])
    expect(committed.setCookie).toHaveLength(1)
  })

  it('a flush ends the record that was being written, at the next commit', async () => {
    const session = manager.open()

    const saving = session.set('a', 1).save()
    session.flush()
    await saving
    await manager.commit(session, OK)

    expect(session.sessionKey).toBeUndefined()
    expect(engine.records.size).toBe(0)
  })

  it('a flush during a load wins over what the load brings', async () => {
    const key = await stored({ user: 'ada' })
    const session = manager.open(key)

    const loading = session.load()
    session.flush()
    const loaded = await loading
    await manager.commit(session, OK)

    expect(loaded.toObject()).toEqual({})
    expect(engine.records.size).toBe(0)
  })

  it('two loads at once read once', async () => {
    const key = await stored({ a: 1 })
    const session = manager.open(key)

    await Promise.all([session.load(), session.load()])

    expect(engine.calls).toEqual(['load'])
  })
})

/** Makes the next save be carried out when `late()` is called, and the one after that as `next` says. */
function delaySave(next: () => unknown) {
  const { save } = engine
  const delayed = { late: (): unknown => undefined }
  engine.save = async (...args) => {
    delayed.late = () => save(...args)
    engine.save = async (...again) => {
      engine.save = save
      await next()
      return save(...again)
    }
    throw new Error('no answer in time')
  }
  return delayed
}

describe('a store that fails', () => {
  it('leaves the changes in place, so that a later save stores them', async () => {
    const key = await stored({ n: 0 })
    const session = await load(key)
    session.modify('n', (n) => (n as number) + 1)
    before = () => Promise.reject(new Error('down'))

    await expect(session.save()).rejects.toThrow(SessionEngineError)
    expect(session.modified).toBe(true)

    before = () => {}
    await session.save()
    expect(await dataOf(key)).toEqual({ n: 1 })
  })

  it('fails a load, which can be tried again', async () => {
    const key = await stored({ a: 1 })
    const session = manager.open(key)
    before = () => Promise.reject(new Error('down'))

    await expect(session.load()).rejects.toMatchObject({
      code: 'SESSION_ENGINE',
      operation: 'load',
    })
    expect(session.loaded).toBe(false)

    before = () => {}
    expect((await session.load()).get('a')).toBe(1)
  })

  it('leaves a logout to be carried out by the next commit', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    session.flush()
    before = () => Promise.reject(new Error('down'))

    await expect(session.save()).rejects.toThrow(SessionEngineError)

    before = () => {}
    await manager.commit(session, OK)
    expect(engine.records.size).toBe(0)
  })

  it.each(['create', 'save'])(
    'once, at the %s of a rotation, leaves the old key alive and no other',
    async (failing) => {
      const key = await stored({ a: 1 })
      const session = await load(key)
      session.cycleKey()
      before = async (operation) => {
        if (operation !== failing) return
        before = () => {}
        throw new Error('down')
      }

      await expect(manager.commit(session, OK)).rejects.toThrow(SessionEngineError)

      expect(engine.records.size).toBe(1)
      expect(await dataOf(key)).toEqual({ a: 1 })
      expect(session.sessionKey).toBe(key)
    },
  )

  it('once, at the marker of a rotation, leaves the session as it was, to be rotated again', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    session.cycleKey()
    before = async (operation) => {
      if (operation !== 'save') return
      before = () => {}
      throw new Error('down')
    }
    await expect(session.save()).rejects.toThrow(SessionEngineError)

    await session.save()

    expect(session.sessionKey).not.toBe(key)
    expect(await dataOf(session.sessionKey ?? '')).toEqual({ a: 1 })
  })

  describe('at the marker of a rotation, which comes late,', () => {
    it('lets it come to nothing: the session is as it was, its attributes too', async () => {
      const filed = managerWith({ attributes: { user: ({ user }) => String(user) } })
      const key = await stored({ user: 1 })
      const session = await filed.open(key).load()
      session.set('user', 2)
      session.cycleKey()
      const delayed = delaySave(() => {})

      await expect(filed.commit(session, OK)).rejects.toMatchObject({
        cause: { message: 'no answer in time' },
      })
      await delayed.late()

      expect(await dataOf(key)).toEqual({ user: 1 })
      expect([...engine.records.values()]).toMatchObject([{ attributes: { user: '1' } }])
    })

    it('leaves the new record to it, where the store answers nothing else either', async () => {
      const key = await stored({ a: 1 })
      const inFlight = await load(key)
      inFlight.set('b', 2)
      const session = await load(key)
      session.cycleKey()
      const delayed = delaySave(() => Promise.reject(new Error('down')))

      await expect(manager.commit(session, OK)).rejects.toThrow(SessionEngineError)
      expect(await dataOf(key)).toEqual({ a: 1 })
      await delayed.late()
      await manager.commit(inFlight, OK)

      const kept = [...engine.records.values()].map(({ data }) => JSON.parse(data) as Data)
      expect(kept).toContainEqual({ a: 1, b: 2 })
    })
  })

  it('at the marker of a rotation, which the store has set all the same, loses nothing', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    session.cycleKey()
    const { save } = engine
    engine.save = async (...args) => {
      await save(...args)
      throw new Error('the answer was lost')
    }

    const { setCookie } = await manager.commit(session, OK)

    expect(setCookie).toEqual([expect.stringContaining(session.sessionKey ?? 'none')])
    expect(session.sessionKey).not.toBe(key)
    expect(await dataOf(session.sessionKey ?? '')).toEqual({ a: 1 })
    expect(await dataOf(key)).toEqual({})
  })

  it('from the marker of a rotation on, which was set, leaves the new record alone', async () => {
    const key = await stored({ a: 1 })
    const inFlight = await load(key)
    inFlight.set('b', 2)
    const session = await load(key)
    session.cycleKey()
    const { save } = engine
    engine.save = async (...args) => {
      await save(...args)
      before = () => Promise.reject(new Error('down'))
      throw new Error('the answer was lost')
    }

    await expect(manager.commit(session, OK)).rejects.toMatchObject({
      cause: { message: 'the answer was lost' },
    })

    before = () => {}
    engine.save = save
    await manager.commit(inFlight, OK)
    const kept = [...engine.records.values()].map(({ data }) => JSON.parse(data) as Data)
    expect(kept).toContainEqual({ a: 1, b: 2 })
  })

  it('at every write of a rotation answers with the first error, even if cleaning up fails as well', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    session.cycleKey()
    const errors = ['save', 'delete'].map((operation) => new Error(operation))
    before = async (operation) => {
      const error = errors.find(({ message }) => message === operation)
      if (error) throw error
    }

    await expect(manager.commit(session, OK)).rejects.toMatchObject({ cause: errors[0] })
    expect(events.filter(({ type }) => type === 'error')).toHaveLength(2)
  })

  it('by calling every new key taken is an error, not an endless loop', async () => {
    engine.create = () => ({ status: 'taken' })

    await expect(manager.open().set('a', 1).save()).rejects.toThrow(SessionEngineError)
  })

  it('fails the commit, after which no cookie can be sent any more', async () => {
    const session = await manager.openFromCookies('').load()
    session.set('a', 1)
    before = () => Promise.reject(new Error('down'))

    await expect(manager.commit(session, OK)).rejects.toThrow(SessionEngineError)
    expect(() => manager.commit(session, OK)).toThrow(SessionCommittedError)
  })
})

describe('engine calls', () => {
  it('none, and no promise, for a request that does not touch its session', async () => {
    const key = await stored({ a: 1 })

    expect(manager.commit(manager.openFromCookies(`sessionid=${key}`), OK)).toEqual({
      setCookie: [],
      vary: undefined,
      cacheControl: undefined,
    })
    expect(engine.calls).toEqual([])
  })

  it.each<[string, (session: Session<Data>) => unknown, string[]]>([
    ['one load for a read', (session) => session.get('a'), ['load']],
    ['one load for a read of objects', (session) => session.data, ['load']],
    ['one load and one save for a change', (session) => session.set('a', 2), ['load', 'save']],
    [
      'one load and two writes for a rotation',
      (session) => session.cycleKey(),
      ['load', 'create', 'save'],
    ],
    ['one load and one delete for a logout', (session) => session.flush(), ['load', 'delete']],
  ])('%s', async (_, act, calls) => {
    const key = await stored({ a: 1 })
    const session = manager.openFromCookies(`sessionid=${key}`)

    act(await session.load())
    await manager.commit(session, OK)

    expect(engine.calls).toEqual(calls)
  })

  it('one create for a first visit', async () => {
    const session = await manager.openFromCookies(undefined).load()
    session.set('a', 1)
    await manager.commit(session, OK)

    expect(engine.calls).toEqual(['create'])
  })

  it('none at a second commit with nothing new, and none after a save', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    await session.set('a', 2).save()
    await manager.commit(session, OK)
    const committed = await manager.commit(session, OK)

    expect(engine.calls).toEqual(['load', 'save'])
    expect(committed.setCookie).toEqual([])
  })
})

describe('after the headers have gone', () => {
  it('a change is stored by save, without a cookie', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    await manager.commit(session, OK)

    await session.set('late', 1).save()

    expect(await dataOf(key)).toEqual({ a: 1, late: 1 })
    expect(await manager.commit(session, OK)).toMatchObject({ setCookie: [] })
  })

  it('a change is stored by another commit, without a cookie', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    await manager.commit(session, OK)

    expect(await manager.commit(session.set('late', 1), OK)).toMatchObject({ setCookie: [] })
    expect(await dataOf(key)).toEqual({ a: 1, late: 1 })
  })

  it.each<[string, (session: Session<Data>) => unknown]>([
    ['a new session', (session) => session.set('a', 1)],
    ['a rotation', (session) => session.cycleKey()],
  ])('%s is an error: its key cannot reach the client', async (_, act) => {
    const session = await manager.openFromCookies('').load()
    await manager.commit(session, OK)

    act(session)

    await expect(session.save()).rejects.toThrow(SessionCommittedError)
    expect(engine.calls).toEqual([])
  })

  it('a logout is carried out', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    await manager.commit(session, OK)

    session.flush()
    await session.save()

    expect(engine.records.size).toBe(0)
  })

  it('a logout is carried out, whatever was written after it', async () => {
    const key = await stored({ a: 1 })
    const session = await load(key)
    await manager.commit(session, OK)

    session.flush()
    session.set('late', 1)

    await expect(session.save()).rejects.toThrow(SessionCommittedError)
    expect(engine.records.size).toBe(0)
  })
})
