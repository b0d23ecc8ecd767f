import { describe, expect, it } from 'vitest'
import type { LoadedRecord, SessionEngine } from '../src/engine/engine.ts'
import { SessionEngineError, SessionInterruptedError } from '../src/errors.ts'
import { createSessions, type Sessions } from '../src/manager/sessions.ts'
import type { Session } from '../src/session/session.ts'
import type { Settings } from '../src/settings/settings.ts'
import { cookieEngine } from './support/cookie-engine.ts'

const OK = { status: 200, https: true }

interface Immediate {
  readonly manager: Sessions
  readonly records: Map<string, LoadedRecord>
  /** Makes a method throw from now on. */
  broken: keyof SessionEngine | undefined
}

/** A manager with an engine that returns values, never promises. */
function immediate(settings: Partial<Settings> = {}): Immediate {
  const records = new Map<string, LoadedRecord>()
  let versions = 0
  const check = (method: keyof SessionEngine): void => {
    if (site.broken === method) throw new Error('broken')
  }
  const write: SessionEngine['create'] = (id, record) => {
    const version = String(++versions)
    records.set(id, { ...record, version })
    return { status: 'saved', version }
  }
  const update: SessionEngine['save'] = (id, record, version) => {
    check('save')
    const known = records.get(id)
    if (known === undefined) return { status: 'missing' }
    if (version !== undefined && version !== known.version) return { status: 'conflict' }
    return write(id, record) as { status: 'saved'; version: string }
  }
  const engine: SessionEngine = {
    load: (id) => (check('load'), records.get(id)),
    exists: (id) => records.has(id),
    create: (id, record) => (check('create'), write(id, record)),
    save: update,
    touch: update,
    delete: (id) => (records.delete(id) ? 'deleted' : 'missing'),
  }
  const manager = createSessions({ engine, sleep: () => Promise.resolve(), ...settings })
  const site: Immediate = { manager, records, broken: undefined }
  return site
}

const add = (n = 0): number => n + 1

async function withSession(
  settings?: Partial<Settings>,
): Promise<Immediate & { readonly cookie: string }> {
  const site = immediate(settings)
  const session = site.manager.open()
  session.set('n', 1)
  await session.save()
  return Object.assign(site, { cookie: `sessionid=${session.sessionKey}` })
}

describe('a synchronous engine', () => {
  it('commits a new session synchronously', () => {
    const { manager, records } = immediate()
    const session = manager.open()
    session.set('n', 1)

    const committed = manager.commit(session, OK)

    expect(committed).toMatchObject({ setCookie: [expect.stringContaining('sessionid=')] })
    expect(records.size).toBe(1)
  })

  it('commits a change synchronously, and another one after it', async () => {
    const { manager, cookie } = await withSession()
    const session = await manager.openFromCookies(cookie).load()

    session.set('n', 2)
    expect(manager.commit(session, OK)).toHaveProperty('setCookie.length', 1)
    session.set('n', 3)
    expect(manager.commit(session, OK)).toHaveProperty('setCookie.length', 0)

    expect((await manager.openFromCookies(cookie).load()).get('n')).toBe(3)
  })

  it('commits a rotation and a logout synchronously', async () => {
    const { manager, records, cookie } = await withSession()
    const session = await manager.openFromCookies(cookie).load()

    session.cycleKey()
    const rotated = manager.commit(session, OK)
    expect(rotated).toHaveProperty('setCookie.length', 1)

    const { setCookie } = await rotated
    const leaving = manager.openFromCookies(setCookie)
    leaving.flush()
    expect(manager.commit(leaving, OK)).toHaveProperty('setCookie.length', 1)
    // Only the rotation marker is left.
    expect(records.size).toBe(1)
  })

  it('makes a commit asynchronous only if two requests conflict', async () => {
    const { manager, cookie } = await withSession()
    const open = async () => manager.openFromCookies(cookie).load()
    const [first, second] = [await open(), await open()]

    first.modify('n', add)
    second.modify('n', add)
    expect(manager.commit(first, OK)).not.toBeInstanceOf(Promise)
    const waiting = manager.commit(second, OK)
    expect(waiting).toBeInstanceOf(Promise)
    await waiting

    expect((await open()).get('n')).toBe(3)
  })

  it('fails synchronously', async () => {
    const site = await withSession()
    const session = await site.manager.openFromCookies(site.cookie).load()
    session.set('n', 2)

    site.broken = 'save'
    expect(() => site.manager.commit(session, OK)).toThrow(SessionEngineError)
    site.broken = undefined
    site.records.clear()

    expect(() => site.manager.commit(session, OK)).toThrow(SessionInterruptedError)
  })

  it('rejects load() when it fails, and can be asked again', async () => {
    const site = await withSession()
    const session = site.manager.openFromCookies(site.cookie)

    site.broken = 'load'
    await expect(session.load()).rejects.toThrow(SessionEngineError)
    site.broken = undefined

    expect((await session.load()).get('n')).toBe(1)
  })
})

describe('onEvent may use the session that an event is about', () => {
  const unknown = `sessionid=${'k'.repeat(32)}`

  it.each([
    ['an unknown key', unknown, {}],
    ['a malformed key', 'sessionid=malformed', {}],
    ['a cookie that does not verify', 'sessionid=forged', { engine: cookieEngine() }],
  ])('and load it, which reads it once: %s', async (_, cookie, settings) => {
    const loads: Promise<Session>[] = []
    const { manager } = immediate({
      ...settings,
      onEvent: () => void loads.push(session.load()),
    })
    const session = manager.openFromCookies(cookie)

    await session.load()

    expect(loads).toHaveLength(1)
    expect(await loads[0]).toHaveProperty('loaded', true)
  })

  it('and load it while the store fails, which fails once for both', async () => {
    const errors: unknown[] = []
    const site = immediate({
      onEvent: () => session.load().catch((error: unknown) => errors.push(error)),
    })
    const session = site.manager.openFromCookies(unknown)
    site.broken = 'load'

    await expect(session.load()).rejects.toThrow(SessionEngineError)

    expect(errors).toEqual([expect.any(SessionEngineError)])
  })

  it('and save it, which waits for the write that is under way', async () => {
    let again: Promise<void> | undefined
    const site = await withSession({
      onEvent: ({ type }) => {
        if (type !== 'error') return
        site.broken = undefined
        again = session.save()
      },
    })
    const { manager, cookie } = site
    const session: Session = await manager.openFromCookies(cookie).load()
    session.cycleKey()
    session.set('_auth_user_id', '42')
    site.broken = 'create'

    await expect(session.save()).rejects.toThrow(SessionEngineError)
    await again

    expect(cookie).not.toContain(session.sessionKey)
    expect((await manager.openFromCookies(cookie).load()).toObject()).toEqual({})
    expect(session.toObject()).toEqual({ n: 1, _auth_user_id: '42' })
  })
})
