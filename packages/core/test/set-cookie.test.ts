import { describe, expect, it } from 'vitest'
import { secureRule } from '../src/cookies/secure.ts'
import { cookieFormat } from '../src/cookies/set-cookie.ts'
import type { CookieAttributes, CookieSettings } from '../src/settings/settings.ts'
import { site } from './support/site.ts'
import { fc } from './support/fast-check.ts'

const now = Date.UTC(2026, 0, 1)
const plain: CookieAttributes = {
  name: 'sessionid',
  domain: undefined,
  path: '/',
  sameSite: 'lax',
  httpOnly: false,
  secure: 'auto',
  partitioned: false,
}

interface Lifetime {
  readonly maxAge: number | undefined
  readonly secure: boolean
}

describe('cookieFormat', () => {
  it.each<[what: string, cookie: Partial<CookieAttributes>, lifetime: Lifetime, line: string]>([
    [
      'a lifetime',
      {},
      { maxAge: 60, secure: false },
      'sessionid=v; Path=/; Max-Age=60; Expires=Thu, 01 Jan 2026 00:01:00 GMT; SameSite=Lax',
    ],
    [
      'a browser-length lifetime',
      {},
      { maxAge: undefined, secure: false },
      'sessionid=v; Path=/; SameSite=Lax',
    ],
    [
      'a deletion',
      {},
      { maxAge: 0, secure: false },
      'sessionid=v; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax',
    ],
    [
      'every attribute',
      {
        domain: 'example.com',
        path: '/app',
        sameSite: 'none',
        httpOnly: true,
        partitioned: true,
      },
      { maxAge: undefined, secure: true },
      'sessionid=v; Domain=example.com; Path=/app; HttpOnly; Secure; SameSite=None; Partitioned',
    ],
    [
      'SameSite=Strict',
      { sameSite: 'strict' },
      { maxAge: undefined, secure: true },
      'sessionid=v; Path=/; Secure; SameSite=Strict',
    ],
  ])('formats a cookie with %s', (_, cookie, lifetime, line) => {
    const format = cookieFormat({ ...plain, ...cookie })

    expect(format('sessionid', 'v', { now, ...lifetime })).toBe(line)
  })

  it('has the same deadline in Max-Age and Expires, to the second', () => {
    const lifetime = {
      maxAge: fc.integer({ min: 1, max: 34_560_000 }),
      now: fc.integer({ min: 0, max: 4e12 }),
    }
    fc.assert(
      fc.property(fc.record(lifetime), ({ maxAge, now: time }) => {
        const line = cookieFormat(plain)('a', 'v', { now: time, maxAge, secure: false })

        const expires = /Expires=([^;]+);/.exec(line)?.[1] ?? ''
        expect(Date.parse(expires)).toBe((Math.floor(time / 1000) + maxAge) * 1000)
      }),
    )
  })
})

describe('a host over plain http', () => {
  const isSecure = secureRule('auto', undefined)

  it.each([
    ['localhost', true],
    ['LOCALHOST', true],
    ['localhost:3000', true],
    ['app.localhost', true],
    ['app.localhost:8080', true],
    ['127.0.0.1', true],
    ['127.0.0.1:80', true],
    ['127.1.2.3', true],
    ['[::1]', true],
    ['[::1]:3000', true],
    [undefined, false],
    ['', false],
    ['example.com', false],
    ['localhost.evil.com', false],
    ['evil-localhost', false],
    ['notlocalhost:80', false],
    ['127.0.0.1.evil.com', false],
    ['x127.0.0.1', false],
    ['128.0.0.1', false],
    ['0.0.0.0', false],
    ['[::2]', false],
    ['[::11]', false],
    ['[2001:db8::1]:80', false],
    ['localhost:80:80.evil.com', false],
    ['localhost, evil.com', false],
    ['localhost@evil.com', false],
  ])('%j is a loopback host: %s', (host, answer) => {
    expect(isSecure({ status: 200, https: false, host })).toBe(!answer)
  })
})

describe('Secure', () => {
  type Row = [
    cookie: CookieSettings,
    https: boolean | undefined,
    host: string | undefined,
    secure: boolean,
  ]

  it.each<Row>([
    [{}, true, 'example.com', true],
    [{}, true, 'localhost', true],
    [{}, false, 'example.com', true],
    [{}, false, 'localhost:3000', false],
    [{}, false, '[::1]:3000', false],
    [{}, false, 'localhost.evil.com', true],
    [{}, false, undefined, true],
    [{}, undefined, undefined, true],
    [{ secure: 'auto' }, false, 'localhost', false],
    [{ secure: true }, false, 'localhost', true],
    [{ secure: true }, false, 'example.com', true],
    [{ secure: false }, true, 'example.com', false],
    [{ secure: false }, false, 'localhost', false],
    [{ name: '__Host-id' }, false, 'localhost', true],
    [{ name: '__Secure-id' }, false, 'localhost', true],
    [{ name: '__Http-id' }, false, 'localhost', true],
    [{ sameSite: 'none' }, false, 'localhost', true],
    [{ partitioned: true }, false, 'localhost', true],
  ])('with %o, https %s, host %s: %s', async (cookie, https, host, secure) => {
    const { manager } = site({ cookie })
    const session = manager.open()
    session.set('a', 1)

    const { setCookie } = await manager.commit(session, { status: 200, https, host })

    expect(setCookie).toHaveLength(1)
    expect(/; Secure(;|$)/.test(setCookie[0] ?? '')).toBe(secure)
  })

  it.each<[CookieSettings, boolean | undefined, string, number]>([
    [{}, false, 'example.com', 1],
    [{ secure: true }, false, 'example.com', 1],
    [{ secure: false }, false, 'example.com', 0],
    [{}, true, 'example.com', 0],
    [{}, undefined, 'example.com', 0],
    [{}, false, 'localhost', 0],
  ])(
    'is reported once if browsers will drop the cookie: %o, https %s, %s',
    async (cookie, https, host, times) => {
      const { events, manager } = site({ cookie })

      for (let request = 0; request < 3; request++) {
        const session = manager.open()
        session.set('a', 1)
        await manager.commit(session, { status: 200, https, host })
      }

      const insecure = events.filter(({ type }) => type === 'insecure')
      expect(insecure).toEqual(Array.from({ length: times }, () => ({ type: 'insecure', host })))
    },
  )
})
