import type { NextFunction, Request } from 'express'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Context as HonoContext } from 'hono'
import type { Context as KoaContext } from 'koa'
import type { ServerResponse } from 'node:http'
import type { Actions } from '../actions.ts'
import type { FrameworkName } from '../contender.ts'
import type { Keeper } from './keepers.ts'
import { actionsOf, committingActionsOf } from './minimum-actions.ts'
import { Minimum } from './minimum.ts'

/** Serves the minimum on a framework, as middleware where there is such a thing. Only that framework is imported. */
export function serveMinimum(framework: FrameworkName, keeper: Keeper): Promise<number> {
  switch (framework) {
    case 'http':
      return onHttp(keeper)
    case 'express':
      return onExpress(keeper)
    case 'koa':
      return onKoa(keeper)
    case 'hono':
      return onHono(keeper)
    case 'nest':
      return onNest(keeper)
    case 'nest-fastify':
      return onNestFastify(keeper)
    default:
      throw new Error(`There is no handwritten session for ${framework}.`)
  }
}

async function onHttp(keeper: Keeper): Promise<number> {
  const { serveHttp } = await import('../frameworks/http.ts')
  return serveHttp(
    committingActionsOf<ServerResponse>(
      (res) => new Minimum(keeper, res.req.headers.cookie),
      (res) => res,
    ),
  )
}

async function onExpress(keeper: Keeper): Promise<number> {
  const { serveExpress } = await import('../frameworks/express.ts')
  return serveExpress(expressActions, (app) => void app.use(expressMiddleware(keeper)))
}

/** The property that holds the session on requests of Express and Fastify. */
interface WithMinimum {
  minimum: Minimum
}

const minimumOf = (request: unknown): Minimum => (request as WithMinimum).minimum

const expressMiddleware =
  (keeper: Keeper) =>
  (req: Request, _res: unknown, next: NextFunction): void => {
    ;(req as unknown as WithMinimum).minimum = new Minimum(keeper, req.headers.cookie)
    next()
  }

const expressActions = committingActionsOf<Request>(minimumOf, (req) => req.res as ServerResponse)

async function onKoa(keeper: Keeper): Promise<number> {
  const { serveKoa } = await import('../frameworks/koa.ts')
  return serveKoa(
    actionsOf<KoaContext>((ctx) => ctx.state['session'] as Minimum),
    (app) => {
      app.use(async (ctx, next) => {
        const session = new Minimum(keeper, ctx.req.headers.cookie)
        ctx.state['session'] = session
        await next()
        const cookie = await session.commit()
        if (cookie !== undefined) ctx.set('Set-Cookie', cookie)
      })
    },
  )
}

async function onHono(keeper: Keeper): Promise<number> {
  const { serveHono } = await import('../frameworks/hono.ts')
  return serveHono(
    actionsOf<HonoContext>((c) => c.get('session') as Minimum),
    (app) => {
      app.use(async (c, next) => {
        const session = new Minimum(keeper, c.req.header('cookie'))
        c.set('session' as never, session as never)
        await next()
        const cookie = await session.commit()
        // `c.header()` would copy the response, since there already is one.
        if (cookie !== undefined) c.res.headers.append('Set-Cookie', cookie)
      })
    },
  )
}

async function onNest(keeper: Keeper): Promise<number> {
  const { Req } = await import('@nestjs/common')
  const { serveNest } = await import('../frameworks/nest.ts')
  return serveNest('express', {
    Session: Req,
    actions: expressActions as Actions<unknown>,
    configure: (app) => void app.use(expressMiddleware(keeper)),
  })
}

async function onNestFastify(keeper: Keeper): Promise<number> {
  const { Req } = await import('@nestjs/common')
  const { serveNest } = await import('../frameworks/nest.ts')
  return serveNest('fastify', {
    Session: Req,
    actions: actionsOf(minimumOf),
    configure: (app) => hook(app.getHttpAdapter().getInstance() as FastifyInstance, keeper),
  })
}

function hook(app: FastifyInstance, keeper: Keeper): void {
  app.decorateRequest('minimum')
  app.addHook('onRequest', (request, _reply, done) => {
    ;(request as FastifyRequest & WithMinimum).minimum = new Minimum(keeper, request.headers.cookie)
    done()
  })
  app.addHook('onSend', async (request, reply) => {
    const cookie = await minimumOf(request).commit()
    if (cookie !== undefined) reply.header('Set-Cookie', cookie)
  })
}
