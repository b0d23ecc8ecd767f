import { createSessions, type DefaultData, type Session, type SessionEngine } from '@sessions/core'
import { expectTypeOf } from 'vitest'

declare module '@sessions/core' {
  interface SessionData {
    userId: string
    views: number
  }
}

declare const engine: SessionEngine

/** An augmented `SessionData` types every session without its own data type. */
export async function augmented(): Promise<void> {
  expectTypeOf<keyof DefaultData>().toEqualTypeOf<'userId' | 'views'>()
  const session = await createSessions({
    engine,
    attributes: { userId: (data) => data.userId },
  })
    .openFromCookies('')
    .load()

  expectTypeOf(session).toEqualTypeOf<Session>()
  expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
  expectTypeOf(session.data.userId).toEqualTypeOf<string | undefined>()
  // @ts-expect-error no such key
  session.set('nobody', 1)
  // @ts-expect-error views are numbers
  session.set('views', '1')
}

/** An explicit data type takes precedence. */
export function typed(): void {
  const session = createSessions<{ cart: string[] }>({ engine }).open()

  expectTypeOf(session.get('cart')).toEqualTypeOf<string[] | undefined>()
  // @ts-expect-error no such key
  session.get('userId')
}
