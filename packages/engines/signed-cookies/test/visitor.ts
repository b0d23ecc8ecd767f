import {
  createSessions,
  type CookieEngine,
  type Session,
  type SessionEvent,
  type Settings,
} from '@sessions/core'
import { fakeClock, type FakeClock } from '@sessions/testing'

export const SECRET = 'a secret for tests, of 32 characters or more'
export const OTHER_SECRET = 'another secret, of 32 characters or more too'

type Data = Record<string, unknown>

/** The session headers of a response. */
export interface Answer {
  readonly setCookie: readonly string[]
  readonly vary: string | undefined
}

/** A browser, and the site that it visits. */
export interface Visitor {
  readonly clock: FakeClock
  readonly events: SessionEvent[]
  /** Its cookies, by name. */
  readonly jar: Map<string, string>
  /** A request whose handler loads its session first. */
  visit(use?: (session: Session<Data>) => unknown): Promise<Answer>
  /** The session's data. */
  data(): Promise<Data>
  /** The same browser, after the site has changed its engine or settings. */
  at(engine: CookieEngine, settings?: Partial<Settings<Data>>): Visitor
}

/** A browser without cookies. */
export function visitor(engine: CookieEngine, settings: Partial<Settings<Data>> = {}): Visitor {
  return open(engine, settings, { clock: fakeClock(), events: [], jar: new Map() })
}

type Own = Pick<Visitor, 'clock' | 'events' | 'jar'>

function open(engine: CookieEngine, settings: Partial<Settings<Data>>, own: Own): Visitor {
  const { clock, events, jar } = own
  const onEvent = (event: SessionEvent): unknown => events.push(event)
  const manager = createSessions<Data>({ engine, clock, onEvent, ...settings })
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  return {
    ...own,
    async visit(use = () => {}) {
      const session = manager.openFromCookies(cookies())
      await use(await session.load())
      const { setCookie, vary } = await manager.commit(session, { status: 200, https: true })
      for (const line of setCookie) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (line.includes('; Max-Age=0;')) jar.delete(name)
        else jar.set(name, value)
      }
      return { setCookie, vary }
    },
    data: async () => (await manager.openFromCookies(cookies()).load()).toObject(),
    at: (next, others = settings) => open(next, others, own),
  }
}
