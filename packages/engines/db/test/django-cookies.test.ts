import { createSessions, type Session } from '@sessions/core'
import { signedCookieEngine } from '@sessions/signed-cookies'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { djangoSite, type DjangoSite } from './django-site.ts'

const secretKey = 'one secret for both: \u00e9\u4f1a\ud83d\udd11'

type Data = Record<string, unknown>

// In this package, because all tests with Django start it in the same way.
describe('Django and this library with signed cookies', () => {
  const manager = createSessions<Data>({
    engine: signedCookieEngine({ secretKey, format: 'django' }),
  })
  let django: DjangoSite
  beforeAll(() => {
    django = djangoSite({ secretKey, engine: 'django.contrib.sessions.backends.signed_cookies' })
  })
  afterAll(() => django.close())

  /**
   * Makes a request with that cookie; resolves to the cookie that the response sets, or '' if it deletes the cookie.
   */
  const visit = async (
    cookie: string | undefined,
    use: (session: Session<Data>) => void,
  ): Promise<string | undefined> => {
    const header = cookie === undefined ? undefined : `sessionid=${cookie}`
    const session = await manager.openFromCookies(header).load()
    use(session)
    const { setCookie } = await manager.commit(session, { status: 200, https: true })
    return setCookie.map((line) => /^sessionid="?([^;"]*)/.exec(line)?.[1] ?? '')[0]
  }
  const seen = async (cookie: string | undefined): Promise<unknown> => {
    let data: unknown
    await visit(cookie, (session) => (data = session.toObject()))
    return data
  }

  it('take turns: one creates, the other changes, and each reads what the other wrote', async () => {
    const theirs = String(
      await django.call('create', `{'user': 'ada', 'né': ['会\\U0001f511', None]}`),
    )
    expect(await seen(theirs)).toEqual({ user: 'ada', né: ['\u4f1a\ud83d\udd11', null] })

    const ours = await visit(theirs, (session) => session.set('visits', 1))
    expect(await django.call('read', ours)).toMatchObject({
      source: `{'user': 'ada', 'né': ['会\u{1f511}', None], 'visits': 1}`,
    })

    const again = String(await django.call('update', ours, { visits: 2 }))
    expect(await seen(again)).toMatchObject({ visits: 2 })
  })

  it('read sessions that the other has compressed', async () => {
    const ours = await visit(undefined, (session) => session.set('text', 'x'.repeat(2000)))
    expect(await django.call('read', ours)).toMatchObject({
      source: `{'text': '${'x'.repeat(2000)}'}`,
    })

    const theirs = String(await django.call('create', `{'text': 'y' * 2000}`))
    expect(await seen(theirs)).toEqual({ text: 'y'.repeat(2000) })
  })

  it('keep an expiry that the other has set', async () => {
    const theirs = String(await django.call('create', `{'user': 'ada'}`, 300))
    await visit(theirs, (session) => expect(session.getExpiryAge()).toBe(300))

    const ours = await visit(undefined, (session) => {
      session.set('user', 'ada')
      session.setExpiry(0)
    })
    expect(await django.call('read', ours)).toMatchObject({ browser: true })
  })

  it('replace the cookie of a rotated session, and delete that of a flushed one', async () => {
    const theirs = String(await django.call('create', `{'user': 'ada'}`))
    const rotated = await visit(theirs, (session) => session.cycleKey())
    expect(await django.call('read', rotated)).toMatchObject({ source: `{'user': 'ada'}` })
    expect(await visit(theirs, (session) => session.flush())).toBe('')
  })

  it('refuse a cookie that was tampered with', async () => {
    const theirs = String(await django.call('create', `{'user': 'ada'}`))
    expect(await seen(`${theirs.slice(0, -1)}${theirs.endsWith('A') ? 'B' : 'A'}x`)).toEqual({})
    const ours = await visit(undefined, (session) => session.set('user', 'ada'))
    expect(await django.call('read', `${ours}x`)).toMatchObject({ source: '{}' })
  })
})
