import { createSessions, type Session, type Sessions, type UnloadedSession } from '@sessions/core'
import { Router } from '@koa/router'
import { sessions, type SessionContext, type SessionsMiddleware } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import Koa, { type Context, type DefaultContext, type DefaultState } from 'koa'
import { expectTypeOf } from 'vitest'

interface MyData {
  userId: string
  views: number
}

const manager: Sessions<MyData> = createSessions<MyData>({ engine: memoryEngine() })

// An app that names the type of its context.
const app = new Koa<DefaultState, SessionContext<MyData>>()
app.use(sessions(manager))
app.use(async (ctx, next) => {
  expectTypeOf(ctx.session).toEqualTypeOf<UnloadedSession<MyData>>()
  await next()
})
app.use(async (ctx) => {
  // @ts-expect-error its data cannot be touched before it is loaded
  ctx.session.get('views')
  ctx.session.flush()
  // @ts-expect-error it cannot be assigned to
  ctx.session = null

  const session = await ctx.session.load()
  expectTypeOf(session).toEqualTypeOf<Session<MyData>>()
  expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
  expectTypeOf(session.data.userId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error no such key
  session.set('nobody', 1)
  // @ts-expect-error no such value
  session.set('views', 'many')
  ctx.body = { views: session.get('views', 0) + 1 }
})

// An app whose middleware is chained infers it.
new Koa<DefaultState, object>().use(sessions(manager)).use(async (ctx) => {
  expectTypeOf(ctx.session).toEqualTypeOf<UnloadedSession<MyData>>()
})

// Eager: it is loaded.
const eager = new Koa<DefaultState, SessionContext<MyData, Session<MyData>>>()
eager.use(sessions(manager, { eager: true }))
eager.use((ctx) => {
  ctx.body = ctx.session.get('userId', '')
})
expectTypeOf(sessions(manager, { eager: false })).toEqualTypeOf<
  SessionsMiddleware<MyData, UnloadedSession<MyData>>
>()

// The mount knows its type, wherever the context comes from; an app without types takes it as well.
const mount = sessions(manager)
const plain = new Koa()
plain.use(mount)
plain.use(async (ctx) => {
  expectTypeOf(await mount.load(ctx)).toEqualTypeOf<Session<MyData>>()
})
async function helper(ctx: Context): Promise<Session<MyData>> {
  return mount.load(ctx)
}
void helper

// It can be called by a middleware of the application, on some paths only.
plain.use((ctx, next) => (ctx.path === '/health' ? next() : mount(ctx, next)))
plain.use((ctx: Context, next) => mount(ctx, next))

// Routers, with their own contexts.
const router = new Router<DefaultState, SessionContext<MyData>>()
router.get('/', async (ctx) => {
  expectTypeOf(ctx.session).toEqualTypeOf<UnloadedSession<MyData>>()
  expectTypeOf(await mount.load(ctx)).toEqualTypeOf<Session<MyData>>()
})
app.use(router.routes())
new Router().use(mount)

// Together with a context of the application's own.
interface Own extends DefaultContext {
  started: number
}
const own = new Koa<DefaultState, Own & SessionContext<MyData>>()
own.use(mount)
own.use((ctx) => {
  expectTypeOf(ctx.started).toEqualTypeOf<number>()
  expectTypeOf(ctx.session).toEqualTypeOf<UnloadedSession<MyData>>()
})

// Untyped settings: any string key.
const untyped = new Koa<DefaultState, SessionContext>()
untyped.use(sessions({ engine: memoryEngine() }))
untyped.use(async (ctx) => {
  const session = await ctx.session.load()
  session.set('views', session.get('views', 0) + 1)
  session.data.views = (session.data.views ?? 0) + 1
})

// Settings with a type of their own, which their functions are given.
expectTypeOf(
  sessions<MyData>({ engine: memoryEngine(), attributes: { userId: (data) => data.userId } }),
).toEqualTypeOf<SessionsMiddleware<MyData, UnloadedSession<MyData>>>()

// @ts-expect-error an engine is required
sessions({})
// @ts-expect-error no such setting
sessions({ engine: memoryEngine(), cookies: {} })
