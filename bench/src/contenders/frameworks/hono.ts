import { serve } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import type { Server } from 'node:http'
import type { Actions } from '../actions.ts'
import { REDIRECT_TARGET, routesOf } from '../routes.ts'
import { listening } from './listening.ts'

/** Serves the actions on Hono, through `@hono/node-server`; resolves to the port. */
export async function serveHono(
  actions?: Actions<Context>,
  mount?: (app: Hono) => void,
): Promise<number> {
  const app = new Hono()
  mount?.(app)
  for (const [path, handle] of Object.entries(routesOf(actions))) {
    app.get(path, async (c) => {
      const answer = await handle(c, path === '/set' ? c.req.query() : {})
      return path === '/redirect' ? c.redirect(REDIRECT_TARGET, 303) : c.json(answer)
    })
  }
  return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server)
}
