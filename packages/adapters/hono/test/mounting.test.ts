import { createSessions, type SessionEngine, type Sessions, type Settings } from '@sessions/core'
import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono, type Context } from 'hono'
import { contextStorage, getContext } from 'hono/context-storage'
import { describe, expect, it, vi } from 'vitest'

async function count(c: Context): Promise<Response> {
  const session = await c.var['session'].load()
  session.set('views', session.get('views', 0) + 1)
  return c.json({ views: session.get('views') })
}

/** An app, whatever its types. */
interface Asked {
  request(path: string, init?: RequestInit, env?: object): Response | Promise<Response>
}

/** Asks twice, the second time with the cookies of the first response. */
async function twice(app: Asked, path = '/', env?: object): Promise<unknown[]> {
  const first = await app.request(path, {}, env)
  const cookie = first.headers.getSetCookie().map((line) => line.split(';')[0])
  const second = await app.request(path, { headers: { cookie: cookie.join('; ') } }, env)
  return [await first.json(), await second.json()]
}

/** An engine whose writes are counted. */
function counted(): { engine: SessionEngine; writes: () => number } {
  const engine = memoryEngine()
  const create = vi.spyOn(engine, 'create')
  const save = vi.spyOn(engine, 'save')
  return { engine, writes: () => create.mock.calls.length + save.mock.calls.length }
}

describe('sessions: mounted in an app and in a nested app', () => {
  const ways = {
    'by one middleware': () => {
      const { engine, writes } = counted()
      const mount = sessions({ engine })
      return { outer: mount, inner: mount, writes }
    },
    'by one settings object': () => {
      const { engine, writes } = counted()
      const settings = { engine }
      return { outer: sessions(settings), inner: sessions(settings), writes }
    },
    'by one manager': () => {
      const { engine, writes } = counted()
      const manager = createSessions({ engine })
      return { outer: sessions(manager), inner: sessions(manager), writes }
    },
    'by equal settings': () => {
      const { engine, writes } = counted()
      return { outer: sessions({ engine }), inner: sessions({ engine }), writes }
    },
  }

  for (const [name, build] of Object.entries(ways)) {
    it(`${name}: one session, one write, one cookie`, async () => {
      const { outer, inner, writes } = build()
      const app = new Hono()
      app.use(outer)
      app.route('/sub', new Hono().use(inner).get('/count', count))

      const response = await app.request('/sub/count')

      expect(response.headers.getSetCookie()).toHaveLength(1)
      expect(writes()).toBe(1)
      expect(await twice(app, '/sub/count')).toEqual([{ views: 1 }, { views: 2 }])
    })
  }

  it('lazily outside and eagerly inside: loaded inside', async () => {
    const manager = createSessions({ engine: memoryEngine() })
    const inner = new Hono()
      .use(sessions(manager, { eager: true }))
      .get('/', (c) => c.json({ loaded: c.var.session.loaded }))
    const app = new Hono().use(sessions(manager)).route('/sub', inner)

    const response = await app.request('/sub')

    expect(await response.json()).toEqual({ loaded: true })
    expect(response.headers.get('vary')).toBeNull()
  })

  it('two managers with different cookie names keep two sessions', async () => {
    const shop = sessions({ engine: memoryEngine(), cookie: { name: 'shop' } })
    const admin = sessions({ engine: memoryEngine(), cookie: { name: 'admin' } })
    const app = new Hono()
    app.use(shop)
    app.use('/admin/*', admin)
    app.get('/admin/both', async (c) => {
      const [one, two] = [await shop.load(c), await admin.load(c)]
      one.set('in', 'shop')
      two.set('in', 'admin')
      return c.json(c.var['session' as never] === two)
    })

    const response = await app.request('/admin/both')

    expect(await response.json()).toBe(true)
    const names = response.headers.getSetCookie().map((line) => line.split('=')[0])
    expect(new Set(names)).toEqual(new Set(['admin', 'shop']))
    expect(names).toHaveLength(2)
  })

  it('two copies of this package, as import and require load, share the session of a manager', async () => {
    const manager = createSessions({ engine: memoryEngine() })
    vi.resetModules()
    const another = await import('@sessions/hono')
    expect(another.sessions).not.toBe(sessions)
    const app = new Hono().use(sessions(manager)).use(another.sessions(manager))
    app.get('/', async (c) => c.json((await sessions(manager).load(c)) === c.var.session))

    expect(await (await app.request('/')).json()).toBe(true)
  })

  it('an app that is called through its request() has a session of its own', async () => {
    const inner = new Hono().use(sessions({ engine: memoryEngine() })).get('/count', count)
    const app = new Hono().use(sessions({ engine: memoryEngine() }))
    app.get('/inner/*', (c) => inner.request('/count', { headers: c.req.raw.headers }))

    expect(await twice(app, '/inner/count')).toEqual([{ views: 1 }, { views: 2 }])
  })

  it('load() on a route without the middleware rejects, and names the remedy', async () => {
    const mount = sessions({ engine: memoryEngine() })
    const app = new Hono().get('/', async (c) => {
      const failure = await mount.load(c).catch((error: unknown) => error)
      return c.text(String(failure))
    })

    const response = await app.request('/')

    expect(await response.text()).toMatch(/app\.use\(mount\)/)
  })
})

describe('sessions: a function of the context', () => {
  it('that reads nothing of it is called for each request, which it may know in another way: tenants never share a manager', async () => {
    const [a, b] = [memoryEngine(), memoryEngine()]
    const managers: Record<string, Sessions> = {
      'a.example': createSessions({ engine: a }),
      'b.example': createSessions({ engine: b }),
    }
    const app = new Hono().use(contextStorage())
    app.use(sessions(() => managers[new URL(getContext().req.url).host] ?? { engine: a }))
    app.get('/', count)

    await app.request('https://a.example/')
    await app.request('https://b.example/')

    expect([a.size, b.size]).toEqual([1, 1])
  })

  it('that reads nothing of it at first, but decides by a flag, is called again', async () => {
    let flag = false
    const [a, b] = [{ engine: memoryEngine() }, { engine: memoryEngine() }]
    const app = new Hono()
    app.use(sessions((c) => (flag && c.req.url.includes('b.example') ? b : a))).get('/', count)

    await app.request('https://b.example/')
    flag = true
    await app.request('https://b.example/')

    expect([a.engine.size, b.engine.size]).toEqual([1, 1])
  })

  it('that returns new settings each time is called once for a request, so that load() finds its session', async () => {
    const engine = memoryEngine()
    const choose = vi.fn<(c: Context) => Settings>((c) => ({
      engine,
      cookie: { name: c.req.method },
    }))
    const mount = sessions(choose)
    const app = new Hono().use(mount).use(mount)
    app.get('/', async (c) => c.json((await mount.load(c)) === (await c.var.session.load())))

    expect(await (await app.request('/')).json()).toBe(true)
    expect(choose).toHaveBeenCalledOnce()
  })

  it('that reads its bindings is called once for each environment', async () => {
    const choose = vi.fn<(c: Context<{ Bindings: { STORE: SessionEngine } }>) => Settings>((c) => ({
      engine: c.env.STORE,
    }))
    const app = new Hono<{ Bindings: { STORE: SessionEngine } }>()
    app.use(sessions(choose)).get('/', count)
    const [one, two] = [{ STORE: memoryEngine() }, { STORE: memoryEngine() }]

    expect(await twice(app, '/', one)).toEqual([{ views: 1 }, { views: 2 }])
    expect(await twice(app, '/', two)).toEqual([{ views: 1 }, { views: 2 }])
    expect(choose).toHaveBeenCalledTimes(2)
    expect([one.STORE.size, two.STORE.size]).toEqual([1, 1])
  })

  it('that reads the request is called for each: tenants never share a manager', async () => {
    const tenants: Record<string, SessionEngine & { size: number }> = {
      'a.example': memoryEngine(),
      'b.example': memoryEngine(),
    }
    const managers = Object.fromEntries(
      Object.entries(tenants).map(([host, engine]) => [host, createSessions({ engine })]),
    )
    const app = new Hono()
    app.use(sessions((c) => managers[new URL(c.req.url).host] ?? { engine: memoryEngine() }))
    app.get('/', count)

    await twice(app, 'https://a.example/')
    await twice(app, 'https://b.example/')
    await app.request('https://b.example/')

    expect(Object.values(tenants).map(({ size }) => size)).toEqual([1, 2])
  })

  it('that returns invalid settings fails the request, with an error that names the setting', async () => {
    const app = new Hono()
    app.use(sessions(() => ({ engine: memoryEngine(), rotationGrace: -1 }))).get('/', count)
    app.onError((error) => new Response(error.message, { status: 500 }))

    expect(await (await app.request('/')).text()).toContain('rotationGrace')
  })
})
