import { getIronSession, type IronSession } from 'iron-session'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Actions } from '../actions.ts'
import { serveHttp } from '../frameworks/http.ts'
import { FIRST_VIEWS, freshPayload, type Payload } from '../payload.ts'

const options = {
  cookieName: 'session',
  password: 'a secret that nobody has to keep, of forty',
  cookieOptions: { secure: false },
}

const open = (res: ServerResponse): Promise<IronSession<Payload>> =>
  getIronSession<Payload>(res.req, res, options)

/** The handlers save the session themselves, as iron-session's documentation says. */
const actions: Actions<ServerResponse> = {
  async seed(res) {
    const session = Object.assign(await open(res), freshPayload())
    await session.save()
    return session.views
  },
  read: async (res) => (await open(res)).views,
  async change(res) {
    const session = await open(res)
    session.views = (session.views ?? FIRST_VIEWS) + 1
    await session.save()
    return session.views
  },
  checks: {
    async set(res, key, wait) {
      const session = await open(res)
      await sleep(wait)
      session[key] = true
      await session.save()
    },
    keys: async (res) => Object.keys(await open(res)),
    logout: async (res) => (await open(res)).destroy(),
  },
}

/** iron-session on `node:http`. */
export const ironSession = (): Promise<number> => serveHttp(actions)
