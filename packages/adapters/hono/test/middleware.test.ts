import type { DefaultData, UnloadedSession } from '@sessions/core'
import { sessions, type SessionsMiddleware } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono, type Context } from 'hono'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { etag } from 'hono/etag'
import { describe, expect, it, vi } from 'vitest'

const LONG = 'text '.repeat(1000)
const ORIGIN = 'https://a.example'

function mount(): SessionsMiddleware<DefaultData, UnloadedSession> {
  return sessions({ engine: memoryEngine() })
}

/** Changes the session, so that the response gets a cookie. */
async function text(c: Context): Promise<Response> {
  const session = await c.var['session'].load()
  session.set('read', true)
  return c.text(LONG)
}

function expectCookie(response: Response): void {
  const names = response.headers.getSetCookie().map((line) => line.split('=')[0])
  expect(names).toEqual(['sessionid'])
  expect(response.headers.get('vary')).toMatch(/(^|, )Cookie(,|$)/)
}

describe('sessions beside compress', () => {
  const apps = {
    outside: new Hono().use(compress()).use(mount()).get('/', text),
    inside: new Hono().use(mount()).use(compress()).get('/', text),
  }

  for (const [place, app] of Object.entries(apps)) {
    it(`mounted ${place}: the compressed body and the cookie arrive`, async () => {
      const response = await app.request('/', { headers: { 'accept-encoding': 'gzip' } })

      expectCookie(response)
      expect(response.headers.get('content-encoding')).toBe('gzip')
      expect(response.headers.get('vary')).toContain('Accept-Encoding')
      const body = response.body?.pipeThrough(new DecompressionStream('gzip'))
      expect(await new Response(body).text()).toBe(LONG)
    })
  }
})

describe('sessions beside etag', () => {
  const inside = new Hono().use(mount()).use(etag()).get('/', text)
  const outside = new Hono().use(etag()).use(mount()).get('/', text)

  for (const [place, app] of Object.entries({ inside, outside })) {
    it(`mounted ${place}: the tag and the cookie arrive`, async () => {
      const response = await app.request('/')

      expectCookie(response)
      expect(response.headers.get('etag')).toMatch(/^"\w+"$/)
      expect(await response.text()).toBe(LONG)
    })
  }

  it('mounted inside: a 304 carries the cookie', async () => {
    const tag = (await inside.request('/')).headers.get('etag') ?? ''

    const response = await inside.request('/', { headers: { 'if-none-match': tag } })

    expect(response.status).toBe(304)
    expectCookie(response)
  })
})

describe('sessions beside cors', () => {
  const apps = {
    outside: new Hono()
      .use(cors({ origin: ORIGIN }))
      .use(mount())
      .get('/', text),
    inside: new Hono()
      .use(mount())
      .use(cors({ origin: ORIGIN }))
      .get('/', text),
  }

  for (const [place, app] of Object.entries(apps)) {
    it(`mounted ${place}: its headers and the cookie arrive`, async () => {
      const response = await app.request('/', { headers: { origin: ORIGIN } })

      expectCookie(response)
      expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    })
  }

  it('mounted outside: scripts of the other origin can read the error response of a failing store', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const down = { ...memoryEngine(), create: () => Promise.reject(new Error('down')) }
    const app = new Hono().use(cors({ origin: ORIGIN })).use(sessions({ engine: down }))
    app.get('/', text)

    const response = await app.request('/', { headers: { origin: ORIGIN } })

    expect(response.status).toBe(503)
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    expect(response.headers.get('content-type')).toBe('application/json')
    log.mockRestore()
  })
})

describe('sessions beside a middleware that sets a cookie', () => {
  for (const place of ['inside', 'outside']) {
    it(`after the handler, mounted ${place}: both cookies arrive`, async () => {
      const app = new Hono()
      if (place === 'inside') app.use(mount())
      app.use(async (c, next) => {
        await next()
        c.header('set-cookie', 'mine=1', { append: true })
      })
      if (place === 'outside') app.use(mount())
      app.get('/', text)

      const lines = (await app.request('/')).headers.getSetCookie()

      const names = lines.map((line) => line.split('=')[0])
      expect(new Set(names)).toEqual(new Set(['mine', 'sessionid']))
      expect(names).toHaveLength(2)
    })
  }
})
