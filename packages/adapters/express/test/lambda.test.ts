import { createSessions } from '@sessions/core'
import { sessions } from '@sessions/express'
import { describe, expect, it } from 'vitest'
import serverless from 'serverless-http'
import { gatedEngine } from '../../node/test/support/gated-engine.ts'
import { expresses } from './support/expresses.ts'

interface Answer {
  readonly statusCode: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

describe.each(Object.entries(expresses))('%s on AWS Lambda', (_, createApp) => {
  const site = () => {
    const engine = gatedEngine()
    const manager = createSessions({ engine })
    const app = createApp().use(sessions(manager))
    app.get('/count', (req, res, next) => {
      req.session.load().then((session) => {
        res.json({ views: session.modify('views', (views = 0) => views + 1) })
      }, next)
    })
    app.get('/stream', (req, res, next) => {
      req.session.load().then((session) => {
        session.set('views', 1)
        res.write('one, ')
        res.end('two')
      }, next)
    })
    app.get('/logout', (req, res) => {
      req.session.flush()
      res.redirect('/')
    })
    const handler = serverless(app)
    /** Sends a request, whose first write to the store is held back for a while. */
    const ask = async (path: string, cookie = ''): Promise<Answer> => {
      engine.hold()
      const event = { httpMethod: 'GET', path, headers: { host: 'example.com', cookie } }
      const answering = handler(event, {})
      await engine.reached()
      engine.open()
      return (await answering) as Answer
    }
    return { engine, manager, ask }
  }

  it.each([
    ['/count', '{"views":1}'],
    ['/stream', 'one, two'],
  ])(
    'a first visit to %s is answered once its session is stored, with its body and its cookie',
    async (path, body) => {
      const { manager, ask } = site()

      const answer = await ask(path)

      expect([answer.statusCode, answer.body]).toEqual([200, body])
      const { 'set-cookie': cookie = '' } = answer.headers
      const session = await manager.openFromCookies(cookie.split(';')[0]).load()
      expect(session.get('views')).toBe(1)
    },
  )

  it('a logout is carried out before it is answered', async () => {
    const { engine, manager, ask } = site()
    const session = manager.open()
    session.set('views', 1)
    await session.save()

    const answer = await ask('/logout', `sessionid=${session.sessionKey}`)

    expect(answer.statusCode).toBe(302)
    expect(answer.headers['set-cookie']).toContain('Max-Age=0')
    expect(engine.calls).toContain('delete')
    expect(await session.exists()).toBe(false)
  })

  it('a first visit that cannot be stored is answered as an error, without a cookie', async () => {
    const { engine, ask } = site()
    engine.fail('create')

    const answer = await ask('/count')

    expect(answer.statusCode).toBe(503)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })
})
