import express, { type Express, type Request } from 'express'
import type { Actions } from '../actions.ts'
import { REDIRECT_TARGET, routesOf } from '../routes.ts'
import { listening } from './listening.ts'

/** Serves the actions on Express; resolves to the port. */
export async function serveExpress(
  actions?: Actions<Request>,
  mount?: (app: Express) => void,
): Promise<number> {
  const app = express()
  mount?.(app)
  for (const [path, handle] of Object.entries(routesOf(actions))) {
    app.get(path, (req, res, next) => {
      const answer = handle(req, req.query)
      if (!(answer instanceof Promise)) res.json(answer)
      else {
        answer.then(
          (settled) =>
            path === '/redirect' ? res.redirect(303, REDIRECT_TARGET) : res.json(settled),
          next,
        )
      }
    })
  }
  return listening(app.listen(0, '127.0.0.1'))
}
