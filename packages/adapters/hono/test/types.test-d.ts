import { createSessions, type Session, type Sessions, type UnloadedSession } from '@sessions/core'
import { sessions, type SessionEnv } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono, type Context } from 'hono'
import { expectTypeOf } from 'vitest'

interface MyData {
  userId: string
  views: number
}

const manager: Sessions<MyData> = createSessions<MyData>({ engine: memoryEngine() })

// A chained app infers its session from the manager, in handlers and in inline middleware.
new Hono()
  .use(sessions(manager))
  .use(async (c, next) => {
    expectTypeOf(c.var.session).toEqualTypeOf<UnloadedSession<MyData>>()
    await next()
  })
  .get('/', async (c) => {
    expectTypeOf(c.var.session).toEqualTypeOf<UnloadedSession<MyData>>()
    expectTypeOf(c.get('session')).toEqualTypeOf<UnloadedSession<MyData>>()
    // @ts-expect-error its data cannot be touched before it is loaded
    c.var.session.get('views')
    c.var.session.flush()

    const session = await c.var.session.load()
    expectTypeOf(session).toEqualTypeOf<Session<MyData>>()
    expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
    expectTypeOf(session.data.userId).toEqualTypeOf<string | undefined>()
    // @ts-expect-error no such key
    session.set('nobody', 1)
    // @ts-expect-error no such value
    session.set('views', 'many')
    return c.json({ views: session.get('views', 0) + 1 })
  })

// With a path, and beside bindings of the application.
new Hono<{ Bindings: { SECRET: string } }>().use('/app/*', sessions(manager)).get('/app/x', (c) => {
  expectTypeOf(c.env.SECRET).toEqualTypeOf<string>()
  expectTypeOf(c.var.session).toEqualTypeOf<UnloadedSession<MyData>>()
  return c.text('')
})

// Eager: it is loaded.
new Hono().use(sessions(manager, { eager: true })).get('/', (c) => {
  expectTypeOf(c.var.session).toEqualTypeOf<Session<MyData>>()
  return c.json({ views: c.var.session.get('views', 0) + 1 })
})
new Hono().use(sessions(manager, { eager: false })).get('/', (c) => {
  expectTypeOf(c.var.session).toEqualTypeOf<UnloadedSession<MyData>>()
  return c.text('')
})

// Untyped settings: any string key.
new Hono().use(sessions({ engine: memoryEngine() })).get('/', async (c) => {
  const session = await c.var.session.load()
  session.set('views', session.get('views', 0) + 1)
  session.data.views = (session.data.views ?? 0) + 1
  return c.json({ views: session.get('views', 0) + 1 })
})

// Settings with a type of their own, which their functions are given.
new Hono()
  .use(
    sessions<MyData>({
      engine: memoryEngine(),
      attributes: { userId: (data) => data.userId },
    }),
  )
  .get('/', (c) => {
    expectTypeOf(c.var.session).toEqualTypeOf<UnloadedSession<MyData>>()
    return c.text('')
  })

// A function of the context, with typed bindings or without.
new Hono().use(sessions(() => manager)).get('/', (c) => {
  expectTypeOf(c.var.session).toEqualTypeOf<UnloadedSession<MyData>>()
  return c.text('')
})
sessions((c: Context<{ Bindings: { KV: ReturnType<typeof memoryEngine> } }>) => ({
  engine: c.env.KV,
}))
sessions((c) => createSessions<MyData>({ engine: c.env.KV }), { eager: true })

// Routes that are not chained name the type, or ask the mount.
const mount = sessions(manager)
const app = new Hono<SessionEnv<MyData>>()
app.use(mount)
app.get('/', async (c) => {
  expectTypeOf(c.var.session).toEqualTypeOf<UnloadedSession<MyData>>()
  return c.text('')
})
const eagerApp = new Hono<SessionEnv<MyData, Session<MyData>>>()
eagerApp.use(sessions(manager, { eager: true }))
eagerApp.get('/', (c) => c.text(c.var.session.get('userId', '')))

const plain = new Hono()
plain.use(mount)
plain.get('/', async (c) => {
  expectTypeOf(await mount.load(c)).toEqualTypeOf<Session<MyData>>()
  return c.text('')
})

// @ts-expect-error an engine is required
sessions({})
// @ts-expect-error no such setting
sessions({ engine: memoryEngine(), cookies: {} })
