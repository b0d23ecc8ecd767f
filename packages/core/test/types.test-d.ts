import { expectTypeOf } from 'vitest'
import {
  type CookieEngine,
  createSessions,
  type Session,
  type SessionBase,
  type SessionEngine,
  type SessionEvent,
  type Sessions,
  type UnloadedSession,
} from '../src/index.ts'

declare const engine: SessionEngine
declare const cookieEngine: CookieEngine

interface MyData {
  views: number
  user?: { name: string }
  cart: string[]
}

/** Without a data type, any string key may hold any value. */
export async function untyped(): Promise<void> {
  const manager = createSessions({ engine })
  expectTypeOf(manager).toEqualTypeOf<Sessions>()
  const session = manager.open()
  expectTypeOf(session).toEqualTypeOf<Session>()

  const views: number = session.get('views', 0) + 1
  session.data.views = (session.data.views ?? 0) + 1
  session.set('cart', ['a']).set('views', views)
  session.modify('views', (value: number = 0) => value + 1)
  session.update({ anything: true })
  for (const [key] of session.entries()) expectTypeOf(key).toEqualTypeOf<string>()
  await session.save()

  // @ts-expect-error keys are strings
  session.get(1)
}

/** `createSessions<MyData>()` types every session of the manager. */
export async function typed(): Promise<void> {
  const manager = createSessions<MyData>({
    engine: cookieEngine,
    attributes: { user: (data) => data.user?.name },
  })
  expectTypeOf(manager).toEqualTypeOf<Sessions<MyData>>()
  const session = await manager.openFromCookies('').load()
  expectTypeOf(session).toEqualTypeOf<Session<MyData>>()

  expectTypeOf(session.get('views')).toEqualTypeOf<number | undefined>()
  expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
  expectTypeOf(session.get('user', null)).toEqualTypeOf<{ name: string } | null>()
  expectTypeOf(session.pop('cart')).toEqualTypeOf<string[] | undefined>()
  expectTypeOf(session.pop('cart', [])).toEqualTypeOf<string[]>()
  expectTypeOf(session.setDefault('views', 0)).toEqualTypeOf<number>()
  expectTypeOf(session.modify('views', (n = 0) => n + 1)).toEqualTypeOf<number>()
  expectTypeOf(session.modify('cart', () => [])).toEqualTypeOf<string[]>()
  expectTypeOf(session.modify('views', (n) => n)).toEqualTypeOf<number | undefined>()
  expectTypeOf(session.data.views).toEqualTypeOf<number | undefined>()
  expectTypeOf(session.data).toEqualTypeOf<Partial<MyData>>()
  expectTypeOf(session.toObject()).toEqualTypeOf<Partial<MyData>>()
  expectTypeOf([...session.keys()]).toEqualTypeOf<('views' | 'user' | 'cart')[]>()
  session.update({ views: 1 })
  session.setExpiry(null)

  // @ts-expect-error no such key
  session.get('view')
  // @ts-expect-error no such key
  session.set('nobody', 1)
  // @ts-expect-error views are numbers
  session.set('views', '1')
  // @ts-expect-error views are numbers
  session.data.views = '1'
  // @ts-expect-error no such key
  session.delete('view')
  // @ts-expect-error views are numbers
  session.modify('views', () => 'many')
  // @ts-expect-error the function is synchronous
  session.modify('views', async () => 1)
  // @ts-expect-error no such key
  session.update({ view: 1 })
  // @ts-expect-error an expiry is seconds, a date or null
  session.setExpiry('tomorrow')
  // @ts-expect-error the session key is read-only
  session.sessionKey = 'mine'
  // @ts-expect-error attributes are computed from this data
  createSessions<MyData>({ engine, attributes: { user: (data) => data.nobody } })
  // @ts-expect-error an attribute is a text, a number, a boolean or null
  createSessions<MyData>({ engine, attributes: { cart: (data) => data.cart } })
}

/** Only `load()` turns an `UnloadedSession` into a `Session`. */
export async function unloaded(): Promise<void> {
  const manager = createSessions<MyData>({ engine })
  const session = manager.openFromCookies('sessionid=x')
  expectTypeOf(session).toEqualTypeOf<UnloadedSession<MyData>>()
  expectTypeOf(manager.open('key')).toEqualTypeOf<UnloadedSession<MyData>>()
  expectTypeOf(manager.open()).toEqualTypeOf<Session<MyData>>()
  expectTypeOf(session.loaded).toEqualTypeOf<boolean>()
  session.flush()
  await manager.commit(session, { status: 200 })
  await manager.end({ user: 'ada' }, { except: session })

  // @ts-expect-error not loaded
  void session.data
  // @ts-expect-error not loaded
  session.get('views')
  // @ts-expect-error not loaded
  session.set('views', 1)
  // @ts-expect-error not loaded
  session.cycleKey()
  // @ts-expect-error not loaded
  void session.sessionKey
  // @ts-expect-error not loaded
  await session.save()
  // @ts-expect-error not loaded
  expectTypeOf(session).toExtend<SessionBase<MyData>>()
}

/** A manager does not accept the sessions of a manager with other data. */
export function apart(mine: Sessions<MyData>, session: Session<{ other: string }>): void {
  // @ts-expect-error it holds something else
  void mine.commit(session, { status: 200 })
}

export function listeners(
  seen: SessionEvent[],
  send: (event: SessionEvent) => Promise<string>,
): void {
  createSessions({ engine, onEvent: (event) => seen.push(event) })
  createSessions({ engine, onEvent: async (event) => send(event) })
}

export function misuse(): void {
  // @ts-expect-error the engine is required
  createSessions({})
  // @ts-expect-error no such setting
  createSessions({ engine, secret: 'x' })
  // @ts-expect-error in lower case
  createSessions({ engine, cookie: { sameSite: 'Lax' } })
  // @ts-expect-error an engine has all of its methods
  createSessions({ engine: { load: () => undefined } })
}
