import { createHash, randomUUID } from 'node:crypto'

/** A request handler that reads or changes the session's data. */
type Handler = (session: Record<string, unknown>) => unknown

/** The maximum number of stored sessions: more would measure garbage collection. */
const MOST = 1_000

interface Stored {
  readonly data: string
  readonly expiresAt: number
}

/**
 * About the least that sessions in memory need: random keys, of which only digests are stored, a deadline, and a comparison
 * of the text before and after the handler. There is no concurrency control, rotation, other expiry or hooks.
 *
 * @returns a function that performs a request and returns its Set-Cookie header, if it has one.
 */
export function sessionsByHand(): (cookies: string, handle: Handler) => string | undefined {
  const records = new Map<string, Stored>()
  return (cookies, handle) => {
    const at = cookies.indexOf('sessionid=')
    const known = at === -1 ? undefined : cookies.slice(at + 10, at + 42)
    const record = known === undefined ? undefined : records.get(digest(known))
    const live = record !== undefined && record.expiresAt > Date.now() ? record : undefined
    const session = live === undefined ? {} : (JSON.parse(live.data) as Record<string, unknown>)
    handle(session)
    const data = JSON.stringify(session)
    if (data === (live?.data ?? '{}')) return undefined
    const key = live === undefined || known === undefined ? newKey() : known
    records.set(digest(key), { data, expiresAt: Date.now() + 1_209_600_000 })
    if (records.size > MOST) records.delete(records.keys().next().value ?? '')
    return `sessionid=${key}; Max-Age=1209600; Path=/; HttpOnly; Secure; SameSite=Lax`
  }
}

const newKey = (): string => randomUUID().replaceAll('-', '')

const digest = (key: string): string => createHash('sha256').update(key).digest('hex')
