import type { Context } from 'hono'
import {
  CookieStore,
  MemoryStore,
  sessionMiddleware,
  type Session,
  type SessionData,
} from 'hono-sessions'
import { onDictionary } from '../actions.ts'
import { serveHono } from '../frameworks/hono.ts'
import type { Kv } from '../stores/kv.ts'

type Store = Parameters<typeof sessionMiddleware>[0]['store']

const ENCRYPTION_KEY = 'a secret that nobody has to keep, of forty'

/** hono-sessions with its own memory store. */
export const honoSessionsInMemory = (): Promise<number> => serve(new MemoryStore())

/** hono-sessions over a store. */
export const honoSessions = (kv: Kv): Promise<number> => serve(storeOf(kv))

/** hono-sessions in encrypted cookies. */
export const honoSessionsInCookies = (): Promise<number> => serve(new CookieStore(), ENCRYPTION_KEY)

const serve = (store: Store, encryptionKey?: string): Promise<number> =>
  serveHono(
    onDictionary<Context, Session>({
      open: (c) => c.get('session') as Session,
      keys: (session) => Object.keys(session.getCache()._data),
      logout: (c) => (c.get('session') as Session).deleteSession(),
    }),
    (app) => {
      const middleware = sessionMiddleware({
        store,
        expireAfterSeconds: 1_209_600,
        cookieOptions: { path: '/', httpOnly: true, sameSite: 'Lax' },
        ...(encryptionKey !== undefined && { encryptionKey }),
      })
      app.use('*', middleware as never)
    },
  )

const storeOf = (kv: Kv) => ({
  async getSessionById(id?: string) {
    const text = await kv.get(String(id))
    return text === undefined ? undefined : (JSON.parse(text) as SessionData)
  },
  createSession: async (id: string, data: SessionData) => {
    await kv.set(id, JSON.stringify(data))
  },
  persistSessionData: async (id: string, data: SessionData) => {
    await kv.set(id, JSON.stringify(data))
  },
  deleteSession: async (id: string) => {
    await kv.delete(id)
  },
})
