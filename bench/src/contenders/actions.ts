import { setTimeout as sleep } from 'node:timers/promises'
import { FIRST_VIEWS, freshPayload, payload, type Payload } from './payload.ts'

/** What may be there at once. */
export type MaybePromise<T> = T | Promise<T>

/** What the handlers of a contender do with the session, given what its framework calls the context of a request. */
export interface Actions<Context> {
  /** Makes a session of 500 bytes. */
  seed(context: Context): MaybePromise<number>
  /** Reads one field. */
  read(context: Context): MaybePromise<number>
  /** Reads one field, and writes it back larger by one. */
  change(context: Context): MaybePromise<number>
  /** What correctness is judged by; absent where nothing is judged. */
  readonly checks?: Checks<Context>
}

/** Handlers whose time nobody measures. */
export interface Checks<Context> {
  /** Loads the session, waits so many milliseconds, and sets one key. */
  set(context: Context, key: string, wait: number): Promise<void>
  /** The keys that are set. */
  keys(context: Context): MaybePromise<readonly string[]>
  /** Ends the session. */
  logout(context: Context): MaybePromise<void>
}

/** Of libraries whose session is a plain object. */
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

/** The part of a session that is read and written by methods. */
interface Dictionary {
  get(key: string): unknown
  set(key: string, value: unknown): unknown
}

/** How sessions that are read and written by methods are reached. */
export interface DictionaryAccess<Context, Session extends Dictionary> {
  open(context: Context): MaybePromise<Session>
  keys(session: Session): readonly string[]
  logout(context: Context): MaybePromise<void>
}

/** Of libraries whose session is read and written by methods. */
export function onDictionary<Context, Session extends Dictionary>(
  access: DictionaryAccess<Context, Session>,
): Actions<Context> {
  const { open } = access
  const after = <Result>(
    context: Context,
    use: (session: Session) => Result,
  ): MaybePromise<Result> => {
    const session = open(context)
    return session instanceof Promise ? session.then(use) : use(session)
  }
  return {
    seed: (context) => after(context, fill),
    read: (context) => after(context, viewsOf),
    change: (context) => after(context, count),
    checks: {
      async set(context, key, wait) {
        const session = await open(context)
        await sleep(wait)
        session.set(key, true)
      },
      keys: (context) => after(context, access.keys),
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
