import { describe, expect, it } from 'vitest'
import { sessionCookies, splitChunks } from '../src/cookies/session-cookies.ts'
import { CookieTooLargeError } from '../src/errors.ts'
import type { Session } from '../src/session/session.ts'
import { DEFAULT_ORIGIN, SessionState } from '../src/session/session-state.ts'
import { cookieEngine } from './support/cookie-engine.ts'
import { caught, site } from './support/site.ts'
import { fc } from './support/fast-check.ts'

const LIMIT = 4096
const inChunks = (chunks: number, settings = {}) =>
  site({ engine: cookieEngine({ chunks }), ...settings })
const names = (lines: readonly string[]) => lines.map((line) => line.slice(0, line.indexOf('=')))
const pair = (line: string): [name: string, value: string] => {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
  return [name, value]
}
const filled = (size: number) => (session: Session) =>
  session.update({ text: 'x'.repeat(size), size })
const cameWith = (cookieHeader: string) => new SessionState(DEFAULT_ORIGIN, { cookieHeader })
const expired = (line: string) => line.includes('Max-Age=0;')

/** The maximum number of characters that fit into one cookie. */
async function largest(settings: object): Promise<[fits: number, error: unknown]> {
  for (let size = 2000; size < LIMIT; size++) {
    const { visit } = site({ engine: cookieEngine(), ...settings })
    const attempt = visit({}, (session) => session.set('text', 'x'.repeat(size)))
    const error = await attempt.then(
      ({ setCookie: [line = ''] }) => {
        expect(line.length).toBeLessThanOrEqual(LIMIT)
        return undefined
      },
      (reason: unknown) => reason,
    )
    if (error !== undefined) return [size - 1, error]
  }
  throw new Error('Any size fits')
}

describe('the size limit of a cookie', () => {
  it('counts name and attributes, and the error has the size in bytes', async () => {
    const [plain, error] = await largest({})
    const [named] = await largest({
      cookie: { name: 'sessionid'.repeat(10), domain: 'example.com' },
    })

    expect(error).toBeInstanceOf(CookieTooLargeError)
    expect(error).toMatchObject({ code: 'COOKIE_TOO_LARGE', status: 500, limit: LIMIT })
    expect((error as CookieTooLargeError).bytes).toBeGreaterThan(LIMIT)
    expect((error as CookieTooLargeError).message).toContain(
      `${(error as CookieTooLargeError).bytes} bytes`,
    )
    expect(named).toBeLessThan(plain)
  })

  it('is checked before anything is sent, and there is no second commit', async () => {
    const { manager } = inChunks(1)
    const session = manager.open()
    session.set('text', 'x'.repeat(5000))

    expect(() => manager.commit(session, { status: 200 })).toThrow(CookieTooLargeError)
    expect(manager.commit(session, { status: 500 })).toMatchObject({ setCookie: [] })
  })
})

describe('a session split over several cookies', () => {
  it('stays in one cookie as long as it fits', async () => {
    const { visit } = inChunks(3)

    const { setCookie } = await visit({}, (session) => session.set('a', 1))

    expect(names(setCookie)).toEqual(['sessionid'])
  })

  it('is split if it does not fit, and joined again, whatever the order of the cookies', async () => {
    const { data, visit } = inChunks(4)
    const text = 'x'.repeat(6000)

    const { cookie = '', setCookie } = await visit({}, (session) => session.set('text', text))

    expect(names(setCookie)).toEqual(['sessionid.0', 'sessionid.1', 'sessionid.2'])
    for (const line of setCookie) expect(line.length).toBeLessThanOrEqual(LIMIT)
    expect(new Set(setCookie.map((line) => line.replace(/^[^;]*/, ''))).size).toBe(1)
    expect(await data(cookie)).toEqual({ text })
    expect(await data(cookie.split('; ').toReversed().join('; '))).toEqual({ text })
  })

  it('is absent if a chunk is missing or was tampered with', async () => {
    const { data, visit } = inChunks(4)
    const { cookie = '' } = await visit({}, (session) => session.set('text', 'x'.repeat(6000)))
    const parts = cookie.split('; ')

    expect(await data(parts.slice(1).join('; '))).toEqual({})
    expect(await data(parts.slice(0, 2).join('; '))).toEqual({})
    expect(await data(cookie.replace(/(sessionid\.1=)./, '$1-'))).toEqual({})
  })

  it.each([
    ['a first chunk', ['sessionid.0=tossed']],
    ['a second chunk', ['sessionid.1=tossed']],
    ['all chunks', ['sessionid.0=tossed', 'sessionid.1=tossed']],
  ])('is found beside %s of another path or domain, before or after it', async (_, tossed) => {
    const { data, visit } = inChunks(4)
    const text = 'x'.repeat(6000)
    const { cookie = '' } = await visit({}, (session) => session.set('text', text))

    expect(await data([...tossed, cookie].join('; '))).toEqual({ text })
    expect(await data([cookie, ...tossed].join('; '))).toEqual({ text })
  })

  it('is found beside unsplit cookies of the same name', async () => {
    const { data, visit } = inChunks(4)
    const text = 'x'.repeat(5000)
    const { cookie } = await visit({}, (session) => session.set('text', text))
    const junk = Array.from({ length: 5 }, (_, index) => `sessionid=junk${index}`)

    expect(await data([...junk, cookie].join('; '))).toEqual({ text })
  })

  it('costs at most four attempts for each length, however many chunks have the same name', async () => {
    let opened = 0
    const before = (operation: string) => void (opened += operation === 'unseal' ? 1 : 0)
    const { data } = site({ engine: cookieEngine({ chunks: 2, before }) })
    const many = Array.from({ length: 100 }, (_, n) => `sessionid.0=a${n}; sessionid.1=b${n}`)

    await data(many.join('; '))

    expect(opened).toBe(8)
  })

  it('ends before a missing chunk: chunks after it are leftovers', async () => {
    const { data, visit } = inChunks(5)
    const { cookie } = await visit({}, (session) => session.set('text', 'x'.repeat(3500)))

    expect(await data(`sessionid.4=leftover; ${cookie}`)).toEqual({ text: 'x'.repeat(3500) })
  })

  it('expires the chunks that it no longer needs', async () => {
    const { data, visit } = inChunks(4)
    const large = await visit({}, (session) => session.set('text', 'x'.repeat(6000)))

    const small = await visit({ cookie: large.cookie }, (session) => session.set('text', 'x'))
    const growing = await visit({ cookie: small.cookie }, (s) => s.set('text', 'x'.repeat(3500)))

    expect(names(small.setCookie)).toEqual([
      'sessionid',
      'sessionid.0',
      'sessionid.1',
      'sessionid.2',
    ])
    expect(small.setCookie.map(expired)).toEqual([false, true, true, true])
    expect(await data(small.cookie)).toEqual({ text: 'x' })
    expect(names(growing.setCookie)).toEqual(['sessionid.0', 'sessionid.1', 'sessionid'])
    expect(growing.setCookie.map(expired)).toEqual([false, false, true])
    expect(await data(growing.cookie)).toEqual({ text: 'x'.repeat(3500) })
  })

  it.each([
    [6000, 3500],
    [6000, 10],
    [10, 6000],
    [3500, 6000],
  ])('is that of the later of two concurrent responses: %i characters, then %i', async (a, b) => {
    const { clock, data, visit } = inChunks(4)
    const { cookie } = await visit({}, (session) => session.set('user', 'ada'))
    const first = await visit({ cookie }, filled(a))
    clock.pass(0.001)
    const second = await visit({ cookie }, filled(b))
    const jar = new Map([first, second].flatMap(({ setCookie }) => setCookie.map(pair)))
    const header = [...jar].map((each) => each.join('=')).join('; ')

    expect(await data(header)).toMatchObject({ user: 'ada', size: b })
  })

  it('expires every cookie that the session may have at a flush, and none beyond its maximum of chunks', async () => {
    const { raw, visit } = inChunks(3)
    const { cookie } = await visit({}, (session) => session.set('text', 'x'.repeat(3500)))

    const all = await raw({ cookie }, (session) => session.flush())
    const lonely = await raw({ cookie: 'sessionid.2=x' }, (session) => session.flush())
    const beyond = await raw({ cookie: 'sessionid.3=x' }, (session) => session.flush())

    const every = ['sessionid', 'sessionid.0', 'sessionid.1', 'sessionid.2']
    expect(names(all.setCookie)).toEqual(every)
    expect(all.setCookie.every(expired)).toBe(true)
    expect(names(lonely.setCookie)).toEqual(every)
    expect(beyond.setCookie).toEqual([])
  })

  it.each([
    ['split', 10, 6000],
    ['joined', 6000, 10],
  ])('is ended by a logout after a concurrent response that has %s it', async (_, a, b) => {
    const { data, raw, visit } = inChunks(4)
    const { cookie } = await visit({}, filled(a))
    const change = await visit({ cookie }, filled(b))
    const logout = await raw({ cookie }, (session) => session.flush())
    const jar = new Map((cookie ?? '').split('; ').map(pair))
    for (const line of [...change.setCookie, ...logout.setCookie]) {
      if (expired(line)) jar.delete(pair(line)[0])
      else jar.set(...pair(line))
    }

    expect(await data([...jar].map((each) => each.join('=')).join('; '))).toEqual({})
  })

  it('throws if the maximum number of chunks is not enough', async () => {
    const { visit } = inChunks(2)

    const error = await caught(() => visit({}, (session) => session.set('text', 'x'.repeat(6010))))

    expect(error).toBeInstanceOf(CookieTooLargeError)
    expect(error).toMatchObject({ limit: 2 * LIMIT })
    expect((error as CookieTooLargeError).bytes).toBeGreaterThan(2 * LIMIT)
  })

  it('throws if name and attributes leave no room', async () => {
    const { visit } = inChunks(9, { cookie: { name: 'n'.repeat(LIMIT) } })

    const error = await caught(() => visit({}, (session) => session.set('a', 1)))

    expect(error).toBeInstanceOf(CookieTooLargeError)
  })
})

describe('splitChunks and sessionCookies', () => {
  it('are inverses of each other', () => {
    const value = fc.stringMatching(/^[\w.-]{1,100}$/)
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 100 }), (text, size) => {
        const parts = splitChunks('s', text, size)
        const header = parts.map(([name, part]) => `${name}=${part}`).join('; ')

        expect(parts).toHaveLength(Math.ceil(text.length / size))
        expect(sessionCookies(cameWith(header), 's', Math.max(2, parts.length))).toEqual({
          names: parts.map(([name]) => name),
          values: [],
          splits: [parts.map(([, part]) => part)],
        })
      }),
    )
  })
})
