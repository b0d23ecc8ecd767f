import Koa, { type Context } from 'koa'
import type { Actions } from '../actions.ts'
import { REDIRECT_TARGET, routesOf } from '../routes.ts'
import { listening } from './listening.ts'

/** Serves the actions on Koa, looking routes up by path, as Koa has no router; resolves to the port. */
export async function serveKoa(
  actions?: Actions<Context>,
  mount?: (app: Koa) => void,
): Promise<number> {
  const app = new Koa()
  mount?.(app)
  const routes = routesOf(actions)
  app.use(async (ctx) => {
    const handle = routes[ctx.path]
    if (handle === undefined) return
    const answer = await handle(ctx, ctx.search === '' ? {} : ctx.query)
    if (ctx.path !== '/redirect') ctx.body = answer
    else {
      ctx.redirect(REDIRECT_TARGET)
      ctx.status = 303
    }
  })
  return listening(app.listen(0, '127.0.0.1'))
}
