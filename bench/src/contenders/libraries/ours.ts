import type { CookieEngine, Session, SessionEngine } from '@sessions/core'
import type { Request } from 'express'
import type { Context as HonoContext } from 'hono'
import type { Context as KoaContext } from 'koa'
import type { ServerResponse } from 'node:http'
import { onDictionary, type Actions, type MaybePromise } from '../actions.ts'
import type { FrameworkName } from '../contender.ts'

type Engine = SessionEngine | CookieEngine
type Any = Session<Record<string, unknown>>

/** This library on a framework. Only that framework is imported. */
export function ours(framework: FrameworkName, engine: Engine): Promise<number> {
  switch (framework) {
    case 'http':
      return onNode(engine)
    case 'express':
      return onExpress(engine)
    case 'koa':
      return onKoa(engine)
    case 'hono':
      return onHono(engine)
    case 'nest':
      return onNest('express', engine)
    case 'nest-fastify':
      return onNest('fastify', engine)
    default:
      throw new Error(`There is no adapter for ${framework}.`)
  }
}

const actionsOf = <Context>(load: (context: Context) => MaybePromise<unknown>): Actions<Context> =>
  onDictionary<Context, Any>({
    open: load as (context: Context) => MaybePromise<Any>,
    keys: (session) => Object.keys(session.toObject()),
    logout: async (context) => ((await load(context)) as Any).flush(),
  })

async function onNode(engine: Engine): Promise<number> {
  const { sessions } = await import('@sessions/node')
  const { serveHttp } = await import('../frameworks/http.ts')
  const mount = sessions({ engine })
  return serveHttp(
    actionsOf((res: ServerResponse) => mount.load(res.req)),
    mount,
  )
}

async function onExpress(engine: Engine): Promise<number> {
  const { sessions } = await import('@sessions/express')
  const { serveExpress } = await import('../frameworks/express.ts')
  return serveExpress(
    actionsOf((req: Request) => (req as never as { session: Any }).session.load()),
    (app) => void app.use(sessions({ engine })),
  )
}

async function onKoa(engine: Engine): Promise<number> {
  const { sessions } = await import('@sessions/koa')
  const { serveKoa } = await import('../frameworks/koa.ts')
  return serveKoa(
    actionsOf((ctx: KoaContext) => (ctx.session as unknown as Any).load()),
    (app) => void app.use(sessions({ engine })),
  )
}

async function onHono(engine: Engine): Promise<number> {
  const { sessions } = await import('@sessions/hono')
  const { serveHono } = await import('../frameworks/hono.ts')
  return serveHono(
    actionsOf((c: HonoContext) => (c.get('session') as Any).load()),
    (app) => void app.use(sessions({ engine })),
  )
}

async function onNest(platform: 'express' | 'fastify', engine: Engine): Promise<number> {
  const { Session: SessionOf, SessionsModule } = await import('@sessions/nestjs')
  const { serveNest } = await import('../frameworks/nest.ts')
  return serveNest(platform, {
    Session: SessionOf,
    actions: actionsOf((session: unknown) => session as Any),
    imports: [SessionsModule.forRoot({ engine })],
  })
}
