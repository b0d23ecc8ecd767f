import { createSessions, type SessionEngine, type Sessions } from '@sessions/core'
import { sessions } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import { sessions as nodeSessions } from '@sessions/node'
import type Koa3 from 'koa'
import type { Context } from 'koa'
import { describe, expect, it, vi } from 'vitest'
import {
  ask,
  askServer,
  cookieOf,
  failing,
  reported,
  serve,
  touch,
  versions,
  type Listener,
} from './served.ts'

/** An engine whose writes are counted. */
function counted(): { engine: SessionEngine; writes: () => number } {
  const engine = memoryEngine()
  const create = vi.spyOn(engine, 'create')
  const save = vi.spyOn(engine, 'save')
  return { engine, writes: () => create.mock.calls.length + save.mock.calls.length }
}

/** Mounts sessions and changes one before the application handles the request, as an Express application may. */
function around(app: Koa3, source: Sessions): Listener {
  const mount = nodeSessions(source)
  const handle = app.callback()
  return async (req, res) => {
    mount(req, res)
    const session = await mount.load(req)
    session.set('around', true)
    await handle(req, res)
  }
}

describe.each(versions)('sessions in %s: mounted twice', (_, Koa) => {
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

  it.each(Object.entries(ways))('%s: one write, one cookie', async (_name, build) => {
    const { outer, inner, writes } = build()
    const app = new Koa()
    app.use(outer)
    app.use(inner)
    app.use(touch)

    const response = await ask(app)

    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(writes()).toBe(1)
  })

  it('lazily outside and eagerly inside: loaded inside', async () => {
    const manager = createSessions({ engine: memoryEngine() })
    const app = new Koa()
    app.use(sessions(manager))
    app.use(sessions(manager, { eager: true }))
    app.use((ctx) => {
      ctx.body = { loaded: ctx['session'].loaded }
    })

    expect(await (await ask(app)).json()).toEqual({ loaded: true })
  })

  it('two managers with different cookie names keep two sessions', async () => {
    const shop = sessions({ engine: memoryEngine(), cookie: { name: 'shop' } })
    const admin = sessions({ engine: memoryEngine(), cookie: { name: 'admin' } })
    const app = new Koa()
    app.use(shop)
    app.use(admin)
    app.use(async (ctx) => {
      const [one, two] = [await shop.load(ctx), await admin.load(ctx)]
      one.set('in', 'shop')
      two.set('in', 'admin')
      ctx.body = ctx['session'] === two
    })

    const response = await ask(app)

    expect(await response.json()).toBe(true)
    const names = response.headers.getSetCookie().map((line) => line.split('=')[0])
    expect(names.toSorted()).toEqual(['admin', 'shop'])
  })
})

describe.each(versions)('sessions in %s: mounted around the application as well', (_, Koa) => {
  it('one session, with the changes of both', async () => {
    const { engine, writes } = counted()
    const manager = createSessions({ engine })
    const app = new Koa()
    app.use(sessions(manager, { eager: true }))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.body = ctx['session'].toObject()
    })

    const response = await askServer(around(app, manager))

    expect(await response.json()).toEqual({ around: true, touched: true })
    expect(response.headers.getSetCookie()).toHaveLength(1)
    expect(writes()).toBe(1)
  })

  it('an error of the store drops the response of the application', async () => {
    const manager = createSessions({ engine: failing })
    const app = new Koa()
    app.use(sessions(manager))
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.body = 'done'
    })

    const response = await askServer(around(app, manager))

    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
  })

  it('by another manager: two sessions, each reached by its mount', async () => {
    const shop = createSessions({ engine: memoryEngine(), cookie: { name: 'shop' } })
    const admin = createSessions({ engine: memoryEngine(), cookie: { name: 'admin' } })
    const [mountAdmin, mountShop] = [sessions(admin), sessions(shop)]
    const app = new Koa()
    app.use(mountAdmin)
    app.use(mountShop)
    app.use(async (ctx) => {
      await touch(ctx)
      ctx.body = [(await mountAdmin.load(ctx)).toObject(), (await mountShop.load(ctx)).toObject()]
    })

    const response = await askServer(around(app, shop))

    expect(await response.json()).toEqual([{ touched: true }, { around: true }])
    expect(response.headers.getSetCookie()).toHaveLength(2)
  })
})

describe.each(versions)('sessions in %s: ctx.session', (_, Koa) => {
  it('cannot be assigned to, unlike that of koa-session: the error names the remedy', async () => {
    const app = new Koa()
    const errors = reported(app)
    app.use(sessions({ engine: memoryEngine() }))
    app.use((ctx: Context) => {
      ctx['session'] = null
    })

    await ask(app)

    expect(errors[0]?.message).toMatch(/ctx\.session\.flush\(\)/)
  })

  it('is undefined on routes without the middleware, and never that of another request', async () => {
    const app = new Koa()
    const mount = sessions({ engine: memoryEngine() })
    app.use((ctx, next) => (ctx.path === '/bare' ? next() : mount(ctx, next)))
    app.use(async (ctx) => {
      if (ctx.path === '/touch') await touch(ctx)
      ctx.body = { mounted: ctx['session'] !== undefined }
    })
    const url = await serve(app)

    expect(cookieOf(await fetch(`${url}/touch`))).toBeDefined()
    expect(await (await fetch(`${url}/bare`)).json()).toEqual({ mounted: false })
    const untouched = await fetch(url)
    expect(await untouched.json()).toEqual({ mounted: true })
    expect(cookieOf(untouched)).toBeUndefined()
  })

  it('stays that of another library which has set it, and load() returns ours', async () => {
    const theirs = { views: 0 }
    const app = new Koa()
    Object.defineProperty(app.context, 'session', { get: () => theirs, configurable: true })
    const engine = memoryEngine()
    const mount = sessions({ engine })
    app.use(mount)
    app.use(async (ctx) => {
      ctx['session'].views += 1
      const ours = await mount.load(ctx)
      ours.set('user', 'ada')
      ctx.body = ctx['session']
    })

    const response = await ask(app)

    expect(await response.json()).toEqual({ views: 1 })
    expect(cookieOf(response)).toBeDefined()
    expect(engine.size).toBe(1)
  })

  it('load() on a route without the middleware rejects, and names the remedy', async () => {
    const mount = sessions({ engine: memoryEngine() })
    const app = new Koa()
    const errors = reported(app)
    app.use(async (ctx) => {
      ctx.body = (await mount.load(ctx)).toObject()
    })

    const response = await ask(app)

    expect(response.status).toBe(500)
    expect(errors[0]?.message).toMatch(/app\.use\(mount\)/)
  })
})
