import { expect } from 'vitest'
import { inProcess, overHttp, type AdapterCase } from './context.ts'
import { expectCookieDeleted, expectKey, expectNewKey, UNKNOWN_KEY } from './expectations.ts'
import { cookieOf } from './visitor.ts'

const KEY = UNKNOWN_KEY

const attributes = inProcess('the session cookie', {
  'has Path, Max-Age, Expires, HttpOnly and SameSite=Lax by default': async ({ serve }) => {
    const app = await serve()

    const cookie = cookieOf(await app.send('/count'))

    expect(Object.fromEntries(cookie?.attributes ?? [])).toEqual({
      path: '/',
      'max-age': '1209600',
      expires: new Date(app.clock.now() + 1_209_600_000).toUTCString(),
      httponly: '',
      samesite: 'Lax',
    })
  },

  'has the attributes of the cookie settings, also in the Set-Cookie that deletes it': async ({
    serve,
  }) => {
    const cookie = {
      path: '/app',
      domain: 'example.com',
      sameSite: 'strict',
      httpOnly: false,
    } as const
    const app = await serve({}, { settings: { cookie } })
    const set = cookieOf(await app.send('/count'))

    const deleted = cookieOf(await app.send('/read', { cookie: `sessionid=${KEY}` }))

    const expected = { path: '/app', domain: 'example.com', samesite: 'Strict' }
    for (const attributes of [set?.attributes, deleted?.attributes]) {
      expect(Object.fromEntries(attributes ?? [])).toMatchObject(expected)
      expect(attributes?.has('httponly')).toBe(false)
    }
    expect(deleted?.deletes).toBe(true)
  },

  'with an unknown key opens no session, and that key is never adopted': async ({ serve }) => {
    const app = await serve()
    const cookie = `sessionid=${KEY}`

    const key = expectNewKey(await app.send('/count', { cookie }), KEY)

    expect((await app.send('/read', { cookie })).json(), 'GET /read').toEqual({ views: null })
    expect((await app.send('/read', { cookie: `sessionid=${key}` })).json()).toEqual({ views: 1 })
  },
})

const names = overHttp('the session cookie', {
  'has the name of the cookie.name setting': async ({ serve }) => {
    const visitor = (await serve({ cookieName: 'sid' })).visitor()

    const answer = await visitor.get('/count')
    const deleted = await visitor.post('/flush')

    expect(answer.setCookies.map(({ name }) => name)).toEqual(['sid'])
    expect(deleted.setCookies.map(({ name, deletes }) => [name, deletes])).toEqual([['sid', true]])
  },

  'is not read under another name': async ({ serve }) => {
    const app = await serve({ cookieName: 'sid' })
    const visitor = app.visitor()
    await visitor.get('/count')

    const answer = await app.send('/read', { cookie: `sessionid=${visitor.key()}` })

    expect(answer.json(), 'body').toEqual({ views: null })
  },

  'is deleted if its key is unknown': async ({ serve }) => {
    expectCookieDeleted(await (await serve()).send('/read', { cookie: `sessionid=${KEY}` }))
  },
})

const hosts: readonly (readonly [host: string, secure: boolean])[] = [
  ['localhost', false],
  ['localhost:3000', false],
  ['app.localhost', false],
  ['127.0.0.1', false],
  ['127.0.0.1:8080', false],
  ['[::1]:8080', false],
  ['example.com', true],
  ['localhost.example.com', true],
  ['10.0.0.1', true],
]

const secure = [
  ...overHttp(
    'Secure over plain http',
    Object.fromEntries(
      hosts.map(([host, expected]) => [
        `to ${host}: ${expected ? 'yes' : 'no'}`,
        async ({ serve }) => {
          const answer = await (await serve()).send('/count', { headers: { host } })

          expect(cookieOf(answer)?.attributes.has('secure'), 'Secure').toBe(expected)
        },
      ]),
    ),
  ),
  ...overHttp('Secure over plain http', {
    'to a loopback address with cookie.secure true: yes': async ({ serve }) => {
      const answer = await (await serve({ cookieSecure: true })).send('/count')

      expect(cookieOf(answer)?.attributes.has('secure'), 'Secure').toBe(true)
    },

    'to another host with cookie.secure false: no': async ({ serve }) => {
      const app = await serve({ cookieSecure: false })

      const answer = await app.send('/count', { headers: { host: 'example.com' } })

      expect(cookieOf(answer)?.attributes.has('secure'), 'Secure').toBe(false)
    },

    'is the same in the Set-Cookie that deletes the cookie': async ({ serve }) => {
      const visitor = (await serve()).visitor()
      const headers = { host: 'example.com' }
      expectKey(await visitor.get('/count', { headers }))

      const deleted = await visitor.post('/flush', { headers })

      expectCookieDeleted(deleted)
      expect(cookieOf(deleted)?.attributes.has('secure'), 'Secure').toBe(true)
    },
  }),
]

/** The name and the attributes of the session cookie. */
export const cookies: readonly AdapterCase[] = [...attributes, ...names, ...secure]
