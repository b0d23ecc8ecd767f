import cookieSession from 'cookie-session'
import type { Request } from 'express'
import { onObject } from '../actions.ts'
import { serveExpress } from '../frameworks/express.ts'

/** cookie-session on Express. */
export const serveCookieSession = (): Promise<number> =>
  serveExpress(
    onObject<Request>(
      ({ session }) => session,
      (req) => {
        ;(req as { session: unknown }).session = null
      },
    ),
    (app) =>
      void app.use(cookieSession({ name: 'session', keys: ['a secret that nobody has to keep'] })),
  )
