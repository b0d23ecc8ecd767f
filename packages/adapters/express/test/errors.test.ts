import { isSessionError, type Session } from '@sessions/core'
import { sessions, type SessionsMiddleware } from '@sessions/express'
import type { ErrorRequestHandler, Express, RequestHandler } from 'express'
import { createRequire } from 'node:module'
import { describe, expect, it, vi } from 'vitest'
import { ask } from '../../node/test/support/client.ts'
import { expresses } from './support/expresses.ts'
import { settled } from '../../node/test/support/exchange.ts'
import { gatedEngine, type GatedEngine } from '../../node/test/support/gated-engine.ts'
import { serve } from '../../node/test/support/servers.ts'

const express = createRequire(import.meta.url)('express') as { Router: () => Express }

/** Forwards rejections, as users of Express 4 have to. */
const forwarding =
  (handler: (...args: Parameters<RequestHandler>) => Promise<unknown>): RequestHandler =>
  (req, res, next) => {
    handler(req, res, next).catch(next)
  }

/** An app whose sessions are kept in an engine that can be made to fail. */
function setUp(createApp: () => Express): {
  app: Express
  engine: GatedEngine
  mount: SessionsMiddleware
} {
  const app = createApp().set('env', 'production')
  const engine = gatedEngine()
  const mount = sessions({ engine })
  return { app: app.use(mount), engine, mount }
}

// Express logs the errors that it answers by itself, some of them after the test.
vi.spyOn(console, 'error').mockImplementation(() => {})

const LIVE_LOOKING = { cookie: `sessionid=${'a'.repeat(32)}` }

for (const [version, createApp] of Object.entries(expresses)) {
  describe(`errors, ${version}`, () => {
    it('the default error handler answers with their status, without help', async () => {
      const { app, engine } = setUp(createApp)
      engine.fail('load', 'create')
      app.get(
        '/load',
        forwarding(async (req, res) => res.send(String((await req.session.load()).get('views')))),
      )
      app.get(
        '/create',
        forwarding(async (req, res) => {
          const session = await req.session.load()
          session.set('views', 1)
          res.set('etag', '"1"').redirect('/next')
        }),
      )
      const { url } = await serve(app)

      for (const path of ['/load', '/create']) {
        const headers = path === '/load' ? LIVE_LOOKING : {}
        const answer = await ask(url + path, { headers })

        expect(answer.status).toBe(503)
        expect(answer.message).toBe('Service Unavailable')
        expect(answer.body).toContain('<pre>Service Unavailable</pre>')
        expect(answer.headers).not.toHaveProperty('location')
        expect(answer.headers).not.toHaveProperty('etag')
        expect(answer.headers).not.toHaveProperty('set-cookie')
      }
    })

    it('an error handler of the application gets the error, and may answer it differently', async () => {
      const { app, engine, mount } = setUp(createApp)
      engine.fail('create')
      app.get(
        '/',
        forwarding(async (req, res) => {
          ;(await mount.load(req)).set('views', 1)
          res.json({ ok: true })
        }),
      )
      app.use(((error, _req, res, _next) => {
        expect(isSessionError(error)).toBe(true)
        expect(error.statusCode).toBe(503)
        expect(error.cause.message).toBe('told to fail: create')
        res.status(418).json({ sorry: error.code })
      }) as ErrorRequestHandler)
      const { url } = await serve(app)

      const answer = await ask(url)

      expect([answer.status, answer.body]).toEqual([418, '{"sorry":"SESSION_ENGINE"}'])
      expect(engine.calls).toEqual(['create'])
    })

    it('an error handler can use the session, which is not stored again', async () => {
      const { app, engine } = setUp(createApp)
      engine.fail('create')
      app.get(
        '/',
        forwarding(async (req, res) => {
          ;(await req.session.load()).set('views', 1)
          res.json({ ok: true })
        }),
      )
      app.use(((_error, req, res, next) => {
        req.session.load().then((session) => {
          session.set('seen', true)
          res.status(500).send(String(session.get('views')))
        }, next)
      }) as ErrorRequestHandler)
      const { url } = await serve(app)

      const answer = await ask(url)

      expect([answer.status, answer.body]).toEqual([500, '1'])
      expect(engine.calls).toEqual(['create'])
    })

    it('an error in a router reaches the error handler of the application', async () => {
      const { app, engine } = setUp(createApp)
      engine.fail('create')
      const router = express.Router()
      router.get(
        '/deep',
        forwarding(async (req, res) => {
          ;(await req.session.load()).set('views', 1)
          res.json({ ok: true })
        }),
      )
      app.use('/a', router)
      app.use(((_error, req, res, _next) => {
        res.status(500).send(`failed at ${req.originalUrl}`)
      }) as ErrorRequestHandler)
      const { url } = await serve(app)

      expect((await ask(`${url}/a/deep`)).body).toBe('failed at /a/deep')
    })

    it('touching a session before it is loaded is a 500 that names the remedies', async () => {
      const { app } = setUp(createApp)
      app.get('/', (req, res) => {
        res.json((req.session as Session).data)
      })
      app.use(((error, _req, res, _next) => {
        res.status(error.status).send(error.message)
      }) as ErrorRequestHandler)
      const { url } = await serve(app)

      const answer = await ask(url)

      expect(answer.status).toBe(500)
      expect(answer.body).toMatch(/await session\.load\(\).*eager/)
    })

    it('if a handler throws after the end, its response reaches the client, and the session is stored', async () => {
      const { app, engine } = setUp(createApp)
      engine.hold()
      app.get(
        '/',
        forwarding(async (req, res) => {
          ;(await req.session.load()).set('views', 1)
          res.json({ ok: true })
          throw new Error('after the end')
        }),
      )
      const { url } = await serve(app)

      const answering = ask(url)
      await engine.reached()
      await settled()
      engine.open()
      const answer = await answering

      expect([answer.status, answer.body]).toEqual([200, '{"ok":true}'])
      expect(answer.headers['set-cookie']).toHaveLength(1)
      expect(engine.calls).toEqual(['create'])
    })

    it('an error that a handler throws is answered as usual, and its changes are not stored', async () => {
      const { app, engine } = setUp(createApp)
      app.get(
        '/',
        forwarding(async (req) => {
          ;(await req.session.load()).set('views', 1)
          throw Object.assign(new Error('no'), { status: 502 })
        }),
      )
      const { url } = await serve(app)

      const answer = await ask(url)

      expect(answer.status).toBe(502)
      expect(answer.headers['vary']).toBe('Cookie')
      expect(engine.calls).toEqual([])
    })
  })
}

describe('Express 5 alone', () => {
  it('forwards the rejection of a load in an async handler', async () => {
    const engine = gatedEngine()
    engine.fail('load')
    const app = expresses['Express 5']?.() as Express
    app.use(sessions({ engine }))
    app.get('/', async (req, res) => {
      await req.session.load()
      res.end()
    })
    const { url } = await serve(app.set('env', 'production'))

    expect((await ask(url, { headers: LIVE_LOOKING })).status).toBe(503)
  })
})
