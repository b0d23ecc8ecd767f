import { createSessions, type CookieEngine, type Session, type SessionEngine } from '@sessions/core'
import { sessions as expressSessions } from '@sessions/express'
import { sessions as honoSessions } from '@sessions/hono'
import { sessions as koaSessions } from '@sessions/koa'
import { sessions as nodeSessions } from '@sessions/node'
import type { Request } from 'express'
import type { Context as HonoContext } from 'hono'
import type { Context as KoaContext } from 'koa'
import type { ServerResponse } from 'node:http'
import { onDictionary, type Actions, type MaybePromise } from '../actions.ts'
import { serveExpress } from '../frameworks/express.ts'
import { serveHono } from '../frameworks/hono.ts'
import { serveHttp } from '../frameworks/http.ts'
import { serveKoa } from '../frameworks/koa.ts'
import { serveNest } from '../frameworks/nest.ts'

type Engine = SessionEngine | CookieEngine
type Any = Session<Record<string, unknown>>

const actionsOf = <Context>(load: (context: Context) => MaybePromise<unknown>): Actions<Context> =>
  onDictionary<Context, Any>({
    open: load as (context: Context) => MaybePromise<Any>,
    keys: (session) => Object.keys(session.toObject()),
    logout: async (context) => ((await load(context)) as Any).flush(),
  })

/** This library on `node:http`. */
export function oursOnNode(engine: Engine): Promise<number> {
  const mount = nodeSessions({ engine })
  return serveHttp(
    actionsOf((res: ServerResponse) => mount.load(res.req)),
    mount,
  )
}

/** This library on Express. */
export const oursOnExpress = (engine: Engine): Promise<number> =>
  serveExpress(
    actionsOf((req: Request) => (req as never as { session: Any }).session.load()),
    (app) => void app.use(expressSessions({ engine })),
  )

/** This library on Koa. */
export const oursOnKoa = (engine: Engine): Promise<number> =>
  serveKoa(
    actionsOf((ctx: KoaContext) => (ctx.session as unknown as Any).load()),
    (app) => void app.use(koaSessions({ engine })),
  )

/** This library on Hono. */
export const oursOnHono = (engine: Engine): Promise<number> =>
  serveHono(
    actionsOf((c: HonoContext) => (c.get('session') as Any).load()),
    (app) => void app.use(honoSessions(createSessions({ engine }))),
  )

/** This library on Nest. */
export async function oursOnNest(platform: 'express' | 'fastify', engine: Engine): Promise<number> {
  const { Session: SessionOf, SessionsModule } = await import('@sessions/nestjs')
  return serveNest(platform, {
    Session: SessionOf as () => ParameterDecorator,
    actions: actionsOf((session: unknown) => session as Any),
    imports: [SessionsModule.forRoot({ engine })],
  })
}
