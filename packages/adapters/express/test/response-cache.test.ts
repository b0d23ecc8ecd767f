import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import { fakeClock } from '@sessions/testing'
import type { Express, RequestHandler } from 'express'
import { describe, expect, it } from 'vitest'
import { expresses } from './support/expresses.ts'
import { keepHeaders, type Kept } from '../../node/test/support/header-cache.ts'
import { serve } from '../../node/test/support/servers.ts'

const NEWS = 'no news'

/** Answers later requests with the headers of the first response, as apicache does. */
function cached(): RequestHandler {
  let kept: Kept | undefined
  return (_req, res, next) => {
    if (kept !== undefined) {
      res.writeHead(200, { ...kept.headers, 'x-cache': 'hit' }).end(NEWS)
      return
    }
    kept = keepHeaders(res)
    next()
  }
}

/** An application with a cached page, which changes the session or only reads it. */
function news(express: () => Express, change: boolean, eager: boolean) {
  const clock = fakeClock()
  const app = express()
  const engine = memoryEngine({ clock })
  app.use(sessions({ engine, clock, renewAfter: 0.5 }, { eager }))
  app.get('/login', (req, res, next) => {
    req.session.load().then((session) => {
      session.set('user', 'ada')
      res.end()
    }, next)
  })
  app.get('/news', cached(), (req, res, next) => {
    req.session.load().then((session) => {
      if (change) session.set('seen', 1)
      else session.get('user')
      res.end(NEWS)
    }, next)
  })
  return { app, clock }
}

describe('a response cache after the sessions', () => {
  for (const [version, express] of Object.entries(expresses)) {
    for (const eager of [false, true]) {
      it(`${version}, eager: ${eager}: the first visitor gets a session, and the next ones do not get its cookie`, async () => {
        const { app } = news(express, true, eager)
        const { url } = await serve(app)

        const first = await fetch(`${url}/news`)
        const second = await fetch(`${url}/news`)

        expect(first.headers.getSetCookie()).toHaveLength(1)
        expect(second.headers.get('x-cache')).toBe('hit')
        expect(second.headers.getSetCookie()).toEqual([])
      })

      it(`${version}, eager: ${eager}: a cookie that a read has renewed is not handed to the next visitor`, async () => {
        const { app, clock } = news(express, false, eager)
        const { url } = await serve(app)
        const login = await fetch(`${url}/login`)
        const cookie = String(login.headers.getSetCookie()[0]).split(';')[0] ?? ''
        clock.advance(8 * 24 * 3600 * 1000)

        const ada = await fetch(`${url}/news`, { headers: { cookie } })
        const stranger = await fetch(`${url}/news`)

        expect(ada.headers.getSetCookie()).toEqual([expect.stringContaining(cookie)])
        expect(stranger.headers.get('x-cache')).toBe('hit')
        expect(stranger.headers.getSetCookie()).toEqual([])
      })
    }
  }
})
