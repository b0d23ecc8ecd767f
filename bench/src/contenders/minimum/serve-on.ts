import type { Request } from 'express'
import type { FastifyReply } from 'fastify'
import type { Context as HonoContext } from 'hono'
import type { Context as KoaContext } from 'koa'
import type { ServerResponse } from 'node:http'
import type { Actions } from '../actions.ts'
import type { FrameworkName } from '../contender.ts'

/** How to read the Cookie header and set a response header on a framework, by the cheapest calls that it has. */
export interface Headers<Context> {
  readonly cookieOf: (context: Context) => string | undefined
  readonly set: (context: Context, name: string, value: string) => unknown
}

/** Actions that are the same on every framework. */
export type ActionsOn = <Context>(headers: Headers<Context>) => Actions<Context>

const onExpress: Headers<Request> = {
  cookieOf: (req) => req.headers.cookie,
  set: (req, name, value) => req.res?.setHeader(name, value),
}

/** Serves such actions on a framework. Only that framework is imported. */
export async function serveOn(framework: FrameworkName, actionsOn: ActionsOn): Promise<number> {
  switch (framework) {
    case 'http': {
      const { serveHttp } = await import('../frameworks/http.ts')
      return serveHttp(
        actionsOn<ServerResponse>({
          cookieOf: (res) => res.req.headers.cookie,
          set: (res, name, value) => res.setHeader(name, value),
        }),
      )
    }
    case 'express': {
      const { serveExpress } = await import('../frameworks/express.ts')
      return serveExpress(actionsOn(onExpress))
    }
    case 'koa': {
      const { serveKoa } = await import('../frameworks/koa.ts')
      return serveKoa(
        actionsOn<KoaContext>({
          cookieOf: (ctx) => ctx.req.headers.cookie,
          set: (ctx, name, value) => ctx.set(name, value),
        }),
      )
    }
    case 'hono': {
      const { serveHono } = await import('../frameworks/hono.ts')
      return serveHono(
        actionsOn<HonoContext>({
          cookieOf: (c) => c.req.header('cookie'),
          set: (c, name, value) => c.header(name, value),
        }),
      )
    }
    case 'nest': {
      const { Req } = await import('@nestjs/common')
      const { serveNest } = await import('../frameworks/nest.ts')
      const actions = actionsOn(onExpress) as Actions<unknown>
      return serveNest('express', { Session: Req, actions })
    }
    case 'nest-fastify': {
      const { Res } = await import('@nestjs/common')
      const { serveNest } = await import('../frameworks/nest.ts')
      const actions = actionsOn<FastifyReply>({
        cookieOf: (reply) => reply.request.headers.cookie,
        set: (reply, name, value) => reply.header(name, value),
      })
      // A Fastify request has no reference to its reply.
      const Session = () => Res({ passthrough: true })
      return serveNest('fastify', { Session, actions })
    }
    default:
      throw new Error(`There is no floor for ${framework}.`)
  }
}
