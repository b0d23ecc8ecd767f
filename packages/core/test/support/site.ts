import type { SessionEvent } from '../../src/events.ts'
import { applyCommitted } from '../../src/cookies/headers.ts'
import type { Session, UnloadedSession } from '../../src/session/session.ts'
import { createSessions, type Sessions } from '../../src/manager/sessions.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type Hook, nothing } from './hooks.ts'
import { type MapEngine, mapEngine } from './map-engine.ts'

/** A clock that tests advance. */
export interface FakeClock {
  now(): number
  /** Advances the clock by this many seconds. */
  pass(seconds: number): void
}

export function fakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start
  return {
    now: () => time,
    pass: (seconds) => void (time += seconds * 1000),
  }
}

/** A successful response. */
export const OK = { status: 200, https: true, host: 'example.com' }

/** A request. */
export interface Visit {
  /** The Cookie header. */
  readonly cookie?: string | undefined
  readonly status?: number
  readonly https?: boolean
  readonly host?: string
  /** Response headers that the application has set. */
  readonly headers?: Readonly<Record<string, readonly string[]>>
}

/** The response to a request. */
export interface Answer {
  readonly setCookie: readonly string[]
  readonly vary: string | undefined
  readonly cacheControl: string | undefined
  /** The engine methods that the request called. */
  readonly calls: readonly string[]
  /** The Cookie header that the client sends next. */
  readonly cookie: string | undefined
}

/** A manager over a map engine, and functions that make requests to it. */
export interface Site {
  readonly clock: FakeClock
  readonly engine: MapEngine
  readonly events: SessionEvent[]
  readonly manager: Sessions
  /** Makes engine calls of that name reject; without a name, ends that. */
  fail(operation?: string, error?: Error): void
  /** Calls the hook before each engine call; without a hook, ends that. */
  on(hook?: Hook): void
  /** Makes a request whose handler gets the unloaded session. */
  raw(visit: Visit, use?: (session: UnloadedSession) => unknown): Promise<Answer>
  /** Makes a request whose handler gets the loaded session. */
  visit(visit: Visit, use?: (session: Session) => unknown): Promise<Answer>
  /** Returns the data of a client's session. */
  data(cookie: string | undefined): Promise<Record<string, unknown>>
}

/** Creates a site with these settings. */
export function site(settings: Partial<Settings> = {}): Site {
  const clock = fakeClock()
  const events: SessionEvent[] = []
  let hook = nothing
  let failing: { operation: string; error: Error } | undefined
  const engine = mapEngine({
    now: clock.now,
    before: (operation) => {
      if (operation === failing?.operation) throw failing.error
      return hook(operation)
    },
  })
  const manager = createSessions({
    engine,
    clock,
    sleep: async () => {},
    onEvent: (event) => events.push(event),
    ...settings,
  })

  async function raw(
    visit: Visit,
    use: (session: UnloadedSession) => unknown = () => {},
  ): Promise<Answer> {
    const { cookie, status = 200, https = true, host = 'example.com' } = visit
    const before = engine.calls.length
    const session = manager.openFromCookies(cookie)
    await use(session)
    const committed = await manager.commit(session, { status, https, host })
    const headers = new Map<string, readonly string[]>(Object.entries(visit.headers ?? {}))
    applyCommitted(committed, {
      get: (name) => headers.get(name) ?? [],
      set: (name, values) => headers.set(name, values),
    })
    const setCookie = headers.get('set-cookie') ?? []
    return {
      setCookie,
      vary: headers.get('vary')?.join('\n'),
      cacheControl: headers.get('cache-control')?.join('\n'),
      calls: engine.calls.slice(before),
      cookie: nextCookies(cookie, setCookie),
    }
  }

  return {
    clock,
    engine,
    events,
    manager,
    raw,
    fail: (operation, error = new Error('the store is down')) =>
      void (failing = operation === undefined ? undefined : { operation, error }),
    on: (given = nothing) => void (hook = given),
    visit: (visit, use = () => {}) => raw(visit, async (session) => use(await session.load())),
    data: async (cookie) => {
      const session = await manager.openFromCookies(cookie).load()
      return session.toObject()
    },
  }
}

/** Returns the cookies that a browser has after these Set-Cookie headers. */
export function nextCookies(
  sent: string | undefined,
  setCookie: readonly string[],
): string | undefined {
  const jar = new Map<string, string>()
  for (const pair of sent?.split('; ') ?? []) jar.set(nameOf(pair), pair)
  for (const line of setCookie) {
    const [pair = ''] = line.split(';')
    if (line.includes('Max-Age=0;')) jar.delete(nameOf(pair))
    else jar.set(nameOf(pair), pair)
  }
  return jar.size === 0 ? undefined : [...jar.values()].join('; ')
}

function nameOf(pair: string): string {
  return pair.slice(0, pair.indexOf('='))
}

/** The session key in a Cookie header. */
export function keyIn(cookie: string | undefined): string {
  return /(?:^|; )sessionid=([^;]*)/.exec(cookie ?? '')?.[1] ?? ''
}

/** The Cookie header of a session's client. */
export function cookieOf({ sessionKey }: Session): string {
  return `sessionid=${sessionKey}`
}

/** Returns the error that an action throws or rejects with. */
export async function caught(action: () => unknown): Promise<unknown> {
  try {
    await action()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown')
}
