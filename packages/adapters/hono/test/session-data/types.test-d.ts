import type { Session, UnloadedSession } from '@sessions/core'
import { sessions, type SessionEnv } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono } from 'hono'
import { expectTypeOf } from 'vitest'

declare module '@sessions/core' {
  interface SessionData {
    userId: string
    views: number
  }
}

// If `SessionData` is augmented, it is the data of every session without a type of its own.
new Hono().use(sessions({ engine: memoryEngine() })).get('/', async (c) => {
  const session = await c.var.session.load()
  expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
  expectTypeOf(session.data.userId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error no such key
  session.set('nobody', 1)
  return c.text('')
})

const app = new Hono<SessionEnv>()
app.use(sessions({ engine: memoryEngine() }))
app.get('/', async (c) => {
  expectTypeOf(c.var.session).toEqualTypeOf<UnloadedSession>()
  expectTypeOf(await c.var.session.load()).toEqualTypeOf<Session>()
  return c.text(String((await c.var.session.load()).get('views', 0) + 1))
})

// A type of its own wins.
new Hono().use(sessions<{ cart: string[] }>({ engine: memoryEngine() })).get('/', async (c) => {
  const session = await c.var.session.load()
  expectTypeOf(session.get('cart')).toEqualTypeOf<string[] | undefined>()
  return c.text('')
})
