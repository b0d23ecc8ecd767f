import type { Request } from 'express'
import session, { type Session, type Store } from 'express-session'
import { onObject, type Actions } from '../actions.ts'

const SECRET = 'a secret that nobody has to keep, of forty'

const middleware = (store: Store) =>
  session({ secret: SECRET, resave: false, saveUninitialized: false, store })

const destroy = (session: Session): Promise<void> =>
  new Promise((resolve, reject) => {
    session.destroy((error?: Error | null) => (error ? reject(error) : resolve()))
  })

const actions: Actions<Request> = onObject(
  (req) => req.session,
  (req) => destroy(req.session),
)

/** express-session on Express. */
export async function expressSession(store: Store): Promise<number> {
  const { serveExpress } = await import('../frameworks/express.ts')
  return serveExpress(actions, (app) => void app.use(middleware(store)))
}

/** express-session on Nest. */
export async function nestExpressSession(store: Store): Promise<number> {
  const { Session: SessionOf } = await import('@nestjs/common')
  const { serveNest } = await import('../frameworks/nest.ts')
  return serveNest('express', {
    Session: SessionOf,
    actions: onObject<unknown>(
      (context) => context as Session,
      (context) => destroy(context as Session),
    ),
    configure: (app) => void app.use(middleware(store)),
  })
}
