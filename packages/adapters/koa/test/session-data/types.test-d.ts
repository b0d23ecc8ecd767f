import type { Session } from '@sessions/core'
import { sessions, type SessionContext } from '@sessions/koa'
import { memoryEngine } from '@sessions/memory'
import Koa, { type DefaultState } from 'koa'
import { expectTypeOf } from 'vitest'

declare module '@sessions/core' {
  interface SessionData {
    userId: string
    views: number
  }
}

// If `SessionData` is augmented, it is the data of every session without a type of its own.
const mount = sessions({ engine: memoryEngine() })
const app = new Koa<DefaultState, SessionContext>()
app.use(mount)
app.use(async (ctx) => {
  const session = await ctx.session.load()
  expectTypeOf(session).toEqualTypeOf<Session>()
  expectTypeOf(await mount.load(ctx)).toEqualTypeOf<Session>()
  expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
  expectTypeOf(session.data.userId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error no such key
  session.set('nobody', 1)
})

// A type of its own wins.
const carts = sessions<{ cart: string[] }>({ engine: memoryEngine() })
app.use(async (ctx) => {
  expectTypeOf((await carts.load(ctx)).get('cart')).toEqualTypeOf<string[] | undefined>()
})
