import type { Context } from 'koa'
import session from 'koa-session'
import { onObject } from '../actions.ts'
import { serveKoa } from '../frameworks/koa.ts'
import type { Kv } from '../stores/kv.ts'

/** koa-session over a store; without one, the session is in the cookie. */
export const koaSession = (kv?: Kv): Promise<number> =>
  serveKoa(
    onObject<Context>(
      (ctx) => ctx.session as object,
      (ctx) => {
        ctx.session = null
      },
    ),
    (app) => {
      app.keys = ['a secret that nobody has to keep']
      app.use(session(kv === undefined ? {} : { store: storeOf(kv) }, app))
    },
  )

/** An external store, as koa-session's documentation describes it. */
const storeOf = (kv: Kv) => ({
  async get(key: string) {
    const text = await kv.get(key)
    return text === undefined ? undefined : (JSON.parse(text) as object)
  },
  async set(key: string, value: object) {
    await kv.set(key, JSON.stringify(value))
  },
  async destroy(key: string) {
    await kv.delete(key)
  },
})
