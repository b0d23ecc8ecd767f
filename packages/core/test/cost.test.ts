import { platform } from '@sessions/core/platform'
import { describe, expect, it, vi } from 'vitest'
import type { Session } from '../src/session/session.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { type Site, site } from './support/site.ts'

/*
 * What a request costs without `onEvent`, as counts of expensive calls, because times would depend on the machine. Anything
 * above these counts is waste.
 */

/** The expensive calls that are counted. */
const work = {
  parse: vi.spyOn(JSON, 'parse'),
  stringify: vi.spyOn(JSON, 'stringify'),
  sha256: vi.spyOn(platform, 'sha256Hex'),
  secretKey: vi.spyOn(platform, 'secretKey'),
  hmac: vi.spyOn(platform, 'hmacBase64Url'),
  randomBytes: vi.spyOn(platform, 'randomBytes'),
}

type Counts = Readonly<Record<keyof typeof work, number>>

const NOTHING: Counts = {
  parse: 0,
  stringify: 0,
  sha256: 0,
  secretKey: 0,
  hmac: 0,
  randomBytes: 0,
}

function counts(): Counts {
  const entries = Object.entries(work).map(([name, spy]) => [name, spy.mock.calls.length])
  return Object.fromEntries(entries) as Counts
}

function expectAtMost(most: Partial<Counts>): void {
  for (const [name, count] of Object.entries(counts())) {
    expect(count, name).toBeLessThanOrEqual({ ...NOTHING, ...most }[name as keyof Counts])
  }
}

/** A site without `onEvent`, and the Cookie header of a client whose session holds data. */
async function open(settings: Parameters<typeof site>[0] = {}): Promise<Site & { cookie: string }> {
  const opened = site({ onEvent: undefined, ...settings })
  const { cookie = '' } = await opened.visit({}, fill)
  vi.clearAllMocks()
  return { ...opened, cookie }
}

function fill(session: Session): void {
  session.update({ views: 1, user: { name: 'ada', roles: ['editor'] }, tags: ['a', 'b'] })
}

describe('what a request costs', () => {
  it('untouched: no engine call, no header, and nothing parsed, hashed or drawn at random', async () => {
    const { raw, cookie } = await open()

    const answer = await raw({ cookie })

    expect(counts()).toEqual(NOTHING)
    expect(answer).toMatchObject({ calls: [], setCookie: [], vary: undefined })
  })

  it('read without a cookie: no engine call, and nothing hashed', async () => {
    const { visit } = await open()

    const { calls } = await visit({ cookie: 'theme=dark' }, (session) => session.get('views'))

    expect(calls).toEqual([])
    expect(counts()).toEqual(NOTHING)
  })

  it('read with a malformed cookie: no engine call, and nothing hashed', async () => {
    const { visit } = await open()

    const { calls } = await visit({ cookie: 'sessionid=no key' }, (session) => session.get('views'))

    expect(calls).toEqual([])
    expect(counts()).toEqual(NOTHING)
  })

  it('read of a number: one load, parsed once, and nothing serialised', async () => {
    const { visit, cookie } = await open()

    const { calls } = await visit({ cookie }, (session) => session.get('views'))

    expect(calls).toEqual(['load'])
    expect(counts().parse).toBe(1)
    expectAtMost({ parse: 1, sha256: 1 })
  })

  it('read of an object: serialised once, to compare it with the loaded text', async () => {
    const { visit, cookie } = await open()

    const { calls } = await visit({ cookie }, (session) => session.get('user'))

    expect(calls).toEqual(['load'])
    expect(counts().stringify).toBe(1)
    expectAtMost({ parse: 1, stringify: 1, sha256: 1 })
  })

  it('read twice: loaded and parsed once', async () => {
    const { raw, cookie } = await open()

    const { calls } = await raw({ cookie }, async (session) => {
      await Promise.all([session.load(), session.load()])
      await session.load()
    })

    expect(calls).toEqual(['load'])
    expectAtMost({ parse: 1, sha256: 1 })
  })

  it('change: one load and one save, serialised once', async () => {
    const { visit, cookie } = await open()

    const { calls } = await visit({ cookie }, (session) => session.set('views', 2))

    expect(calls).toEqual(['load', 'save'])
    expect(counts().stringify).toBe(1)
    expectAtMost({ parse: 1, stringify: 1, sha256: 1 })
  })

  it('first visit: one create, one key drawn, serialised once', async () => {
    const { visit } = await open()

    const { calls } = await visit({}, fill)

    expect(calls).toEqual(['create'])
    expectAtMost({ stringify: 1, sha256: 1, randomBytes: 1 })
  })

  it('cycleKey: one load, one create and one save; only the new key is hashed', async () => {
    const { visit, cookie } = await open()

    const { calls } = await visit({ cookie }, (session) => session.cycleKey())

    expect(calls).toEqual(['load', 'create', 'save'])
    // Two texts: that of the session, and that of the marker.
    expectAtMost({ parse: 1, stringify: 2, sha256: 2, randomBytes: 1 })
  })

  it('clear: one load and one save', async () => {
    const { visit, cookie } = await open()

    const { calls } = await visit({ cookie }, (session) => session.clear())

    expect(calls).toEqual(['load', 'save'])
    expectAtMost({ parse: 1, stringify: 1, sha256: 1 })
  })

  it('logout without load: one load and one delete', async () => {
    const { raw, cookie } = await open()

    const { calls } = await raw({ cookie }, (session) => session.flush())

    expect(calls).toEqual(['load', 'delete'])
    expectAtMost({ parse: 1, sha256: 1 })
  })

  it('with a cookie engine: read and changed without hashing the cookie', async () => {
    const { visit, cookie } = await open({ engine: cookieEngine() })

    await visit({ cookie }, (session) => session.set('views', 2))

    expect(counts().sha256).toBe(0)
  })
})
