import { describe, expect, it } from 'vitest'
import { SessionInterruptedError } from '../src/errors.ts'
import { caught, keyIn, site } from './support/site.ts'

/** The attributes of a Set-Cookie header, without the value and lifetime, in which a cookie and its deletion differ. */
const rest = (line = '') => line.replace(/^\w+=[^;]*|; (Max-Age|Expires)=[^;]*/g, '')

describe('commit', () => {
  it('throws without a status, and names it', () => {
    const { manager } = site()
    for (const response of [undefined, {}, { statusCode: 200 }, { status: Number.NaN }]) {
      const session = manager.open()
      session.set('a', 1)

      expect(() => manager.commit(session, response as never)).toThrow(/commit takes .* status/)
    }
  })

  it('is synchronous if nothing has to be stored', async () => {
    const { manager, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))
    const session = await manager.openFromCookies(cookie).load()
    session.get('a')

    expect(manager.commit(session, { status: 200 })).toEqual({
      setCookie: [],
      vary: 'Cookie',
      cacheControl: undefined,
    })
  })

  it.each([{ saveEveryRequest: true }, { renewAfter: 0 }])(
    'does nothing the second time, with %o',
    async (settings) => {
      const { clock, manager, engine, visit } = site(settings)
      const { cookie } = await visit({}, (session) => session.set('a', { b: 1 }))
      const session = await manager.openFromCookies(cookie).load()
      session.data.a.b = 2
      await manager.commit(session, { status: 200 })
      engine.calls.length = 0
      clock.pass(1)

      const second = await manager.commit(session, { status: 200 })

      expect(second).toEqual({ setCookie: [], vary: undefined, cacheControl: undefined })
      expect(engine.calls).toEqual([])
    },
  )

  it('fails with the reason if another request ended the session meanwhile', async () => {
    const { raw, visit, engine } = site()
    const { cookie } = await visit({}, (session) => session.set('a', 1))

    const error = await caught(() =>
      visit({ cookie }, async (session) => {
        session.set('a', 2)
        await raw({ cookie }, (other) => other.flush())
      }),
    )

    expect(error).toBeInstanceOf(SessionInterruptedError)
    expect(error).toMatchObject({
      status: 400,
      message:
        'The session was interrupted: its record was deleted before this request completed, by a logout for ' +
        'example. Nothing was saved; send the request again.',
    })
    expect(engine.records.size).toBe(0)
  })

  it('keeps the application’s own cookies and Cache-Control directives', async () => {
    const { visit } = site()

    const answer = await visit(
      {
        headers: {
          'set-cookie': ['theme=dark; Path=/'],
          vary: ['Accept-Encoding'],
          'cache-control': ['max-age=60'],
        },
      },
      (session) => session.set('a', 1),
    )

    expect(answer.setCookie).toEqual(['theme=dark; Path=/', expect.stringMatching(/^sessionid=/)])
    expect(answer.vary).toBe('Accept-Encoding, Cookie')
    expect(answer.cacheControl).toBe('max-age=60, no-cache="Set-Cookie"')
  })
})

describe('the cookie', () => {
  it.each([
    ['cookie.secure', { secure: true }, /; Secure(;|$)/],
    ['cookie.httpOnly', { httpOnly: true }, /; HttpOnly(;|$)/],
    ['cookie.httpOnly: false', { httpOnly: false }, /^(?!.*HttpOnly)/],
    ['cookie.sameSite', { sameSite: 'strict' }, /; SameSite=Strict$/],
    [
      'cookie.domain and path',
      { domain: '.example.com', path: '/app' },
      /; Domain=.example.com; Path=\/app;/,
    ],
    ['cookie.name', { name: 'other' }, /^other=/],
  ] as const)('has the attributes of %s, and so has its deletion', async (_, cookie, attribute) => {
    const { visit } = site({ cookie })

    const set = await visit({}, (session) => session.set('a', 1))
    const deleted = await visit({ cookie: set.cookie }, (session) => session.flush())

    expect(set.setCookie).toEqual([expect.stringMatching(attribute)])
    expect(deleted.setCookie).toEqual([expect.stringContaining('=; ')])
    expect(rest(deleted.setCookie[0])).toBe(rest(set.setCookie[0]))
    expect(deleted.cookie).toBeUndefined()
  })

  it('is not sent for a flush without a session, but Vary is', async () => {
    const { visit } = site()

    const answer = await visit({}, (session) => session.flush())

    expect(answer).toMatchObject({ setCookie: [], vary: 'Cookie' })
  })

  it('is not sent if the only value is undefined, and nothing is stored', async () => {
    const { visit } = site()

    const answer = await visit({}, (session) => session.set('user', undefined))

    expect(answer).toMatchObject({ setCookie: [], calls: [] })
  })

  it('is sent again for a session that was emptied by clear, and the empty session is stored', async () => {
    const { engine, visit } = site()
    const { cookie } = await visit({}, (session) => session.set('foo', 'bar'))

    const answer = await visit({ cookie }, (session) => {
      session.delete('foo')
      session.modified = true
    })

    expect(keyIn(answer.cookie)).toBe(keyIn(cookie))
    expect([...engine.records.values()].map(({ data }) => data)).toEqual(['{}'])
  })
})
