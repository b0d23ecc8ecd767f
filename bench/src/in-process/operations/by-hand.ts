import { createHash, randomUUID } from 'node:crypto'

/** A request that works on its session, and the session's cookie. */
type Handler = (session: Record<string, unknown>) => unknown

/** More would measure the collection of garbage. */
const MOST = 1_000

interface Stored {
  readonly data: string
  readonly expiresAt: number
}

/**
 * About the least that a session in memory needs: an opaque key, stored by its digest, and what was loaded compared with
 * what is left. No concurrency control, no rotation, no expiry but one deadline, no hooks.
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
