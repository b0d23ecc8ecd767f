import { setTimeout as sleep } from 'node:timers/promises'
import { FIRST_VIEWS, freshPayload, payload, type Payload } from './payload.ts'

/** A value, or a promise of one. */
export type MaybePromise<T> = T | Promise<T>

/** The session operations that a contender's handlers perform. `Context` is its framework's request or context object. */
export interface Actions<Context> {
  /** Creates a session of 500 bytes. */
  seed(context: Context): MaybePromise<number>
  /** Reads one field. */
  read(context: Context): MaybePromise<number>
  /** Increments one field. */
  change(context: Context): MaybePromise<number>
  /** Handlers for the correctness checks; absent for contenders that are only measured. */
  readonly checks?: Checks<Context>
}

/** Handlers that only the correctness checks call; they are never timed. */
export interface Checks<Context> {
  /** Loads the session, waits for `wait` milliseconds, and sets one key. */
  set(context: Context, key: string, wait: number): Promise<void>
  /** The session's keys. */
  keys(context: Context): MaybePromise<readonly string[]>
  /** Ends the session. */
  logout(context: Context): MaybePromise<void>
}

/** The actions of a library whose session is a plain object. */
export function onObject<Context>(
  sessionOf: (context: Context) => object,
  logout: (context: Context) => MaybePromise<void>,
): Actions<Context> {
  const payloadOf = sessionOf as (context: Context) => Payload
  return {
    seed: (context) => Object.assign(payloadOf(context), freshPayload()).views,
    read: (context) => payloadOf(context).views,
    change(context) {
      const session = payloadOf(context)
      session.views = (session.views ?? FIRST_VIEWS) + 1
      return session.views
    },
    checks: {
      async set(context, key, wait) {
        const session = payloadOf(context)
        await sleep(wait)
        session[key] = true
      },
      keys: (context) => Object.keys(sessionOf(context)),
      logout,
    },
  }
}

/** A session that is read and written through methods. */
interface Dictionary {
  get(key: string): unknown
  set(key: string, value: unknown): unknown
}

/** How to open, list and end a session that is read and written through methods. */
export interface DictionaryAccess<Context, Session extends Dictionary> {
  open(context: Context): MaybePromise<Session>
  keys(session: Session): readonly string[]
  logout(context: Context): MaybePromise<void>
}

/** The actions of a library whose session is read and written through methods. */
export function onDictionary<Context, Session extends Dictionary>(
  access: DictionaryAccess<Context, Session>,
): Actions<Context> {
  const { open } = access
  const withSession = <Result>(
    context: Context,
    use: (session: Session) => Result,
  ): MaybePromise<Result> => {
    const session = open(context)
    return session instanceof Promise ? session.then(use) : use(session)
  }
  return {
    seed: (context) => withSession(context, fill),
    read: (context) => withSession(context, viewsOf),
    change: (context) => withSession(context, count),
    checks: {
      async set(context, key, wait) {
        const session = await open(context)
        await sleep(wait)
        session.set(key, true)
      },
      keys: (context) => withSession(context, access.keys),
      logout: access.logout,
    },
  }
}

const viewsOf = (session: Dictionary): number => session.get('views') as number

function count(session: Dictionary): number {
  const views = (viewsOf(session) ?? FIRST_VIEWS) + 1
  session.set('views', views)
  return views
}

function fill(session: Dictionary): number {
  for (const [key, value] of Object.entries(freshPayload())) session.set(key, value)
  return payload.views
}
