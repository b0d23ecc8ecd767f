import type { SessionEvent } from '../../src/events.ts'
import { applyCommitted } from '../../src/cookies/headers.ts'
import type { Session, UnloadedSession } from '../../src/session/session.ts'
import { createSessions, type Sessions } from '../../src/manager/sessions.ts'
import type { Settings } from '../../src/settings/settings.ts'
import { type Hook, nothing } from './hooks.ts'
import { type MapEngine, mapEngine } from './map-engine.ts'

/** A clock that moves by hand. */
export interface FakeClock {
  now(): number
  /** Lets so many seconds pass. */
  pass(seconds: number): void
}

export function fakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start
  return {
    now: () => time,
    pass: (seconds) => void (time += seconds * 1000),
  }
}

/** A response that is about to leave. */
export const OK = { status: 200, https: true, host: 'example.com' }

/** A request, as far as sessions see it. */
export interface Visit {
  /** Its Cookie header. */
  readonly cookie?: string | undefined
  readonly status?: number
  readonly https?: boolean
  readonly host?: string
  /** The headers that the application had set. */
  readonly headers?: Readonly<Record<string, readonly string[]>>
}

/** Its response. */
export interface Answer {
  readonly setCookie: readonly string[]
  readonly vary: string | undefined
  readonly cacheControl: string | undefined
  /** The engine's methods that were called. */
  readonly calls: readonly string[]
  /** The Cookie header that the client sends next. */
  readonly cookie: string | undefined
}

/** A manager over a map, and requests to it. */
export interface Site {
  readonly clock: FakeClock
  readonly engine: MapEngine
  readonly events: SessionEvent[]
  readonly manager: Sessions
  /** Lets each engine call of that name reject; without one, none. */
  fail(operation?: string, error?: Error): void
  /** Has the hook called before each engine call; without one, none. */
  on(hook?: Hook): void
  /** A request whose handler gets the session as it is. */
  raw(visit: Visit, use?: (session: UnloadedSession) => unknown): Promise<Answer>
  /** A request whose handler loads its session first. */
  visit(visit: Visit, use?: (session: Session) => unknown): Promise<Answer>
  /** What the session of a client holds now. */
  data(cookie: string | undefined): Promise<Record<string, unknown>>
}

/** A site; what is given replaces settings. */
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

/** What a browser makes of Set-Cookie headers. */
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

/** The Cookie header of a client whose session is this one. */
export function cookieOf({ sessionKey }: Session): string {
  return `sessionid=${sessionKey}`
}

/** What an action throws or rejects with. */
export async function caught(action: () => unknown): Promise<unknown> {
  try {
    await action()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown')
}
