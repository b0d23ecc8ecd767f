import { describe, expect, it } from 'vitest'
import type { Session } from '../src/session/session.ts'
import type { Settings } from '../src/settings/settings.ts'
import { keyIn, site } from './support/site.ts'

const fresh =
  'sessionid=<new>; Path=/; Max-Age=1209600; Expires=Thu, 15 Jan 2026 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax'
const same = fresh.replace('<new>', '<same>')
const deleted =
  'sessionid=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax'

type Use = (session: Session) => unknown
type Client = 'no cookie' | 'malformed' | 'unknown' | 'existing'

interface Row {
  readonly settings?: Partial<Settings>
  readonly status?: number
  readonly setCookie: string | undefined
  readonly vary: 'Cookie' | undefined
  readonly calls: readonly string[]
  /** The data of all stored sessions afterwards. */
  readonly stored: readonly unknown[]
}

const untouched: Use = () => {}
const read: Use = (session) => session.get('a')
const write: Use = (session) => session.set('b', 2)
const clear: Use = (session) => session.clear()
const flush: Use = (session) => session.flush()
const cycle: Use = (session) => session.cycleKey()
const saveEvery = { saveEveryRequest: true }
const silent = { setCookie: undefined, vary: undefined }
const varies = { setCookie: undefined, vary: 'Cookie' } as const
const kept = [{ a: 1 }]

const cookies: Partial<Record<Client, string>> = {
  malformed: 'sessionid=1',
  unknown: `sessionid=${'a'.repeat(32)}`,
}

/** The client's cookie, what the handler does, and the result. The handler loads the session, except for `untouched`. */
const table: [client: Client, what: string, use: Use, row: Row][] = [
  ['no cookie', 'untouched', untouched, { ...silent, calls: [], stored: [] }],
  ['no cookie', 'read', read, { ...varies, calls: [], stored: [] }],
  [
    'no cookie',
    'write',
    write,
    { setCookie: fresh, vary: 'Cookie', calls: ['create'], stored: [{ b: 2 }] },
  ],
  ['malformed', 'untouched', untouched, { ...silent, calls: [], stored: [] }],
  ['malformed', 'read', read, { setCookie: deleted, vary: 'Cookie', calls: [], stored: [] }],
  ['unknown', 'untouched', untouched, { ...silent, calls: [], stored: [] }],
  ['unknown', 'read', read, { setCookie: deleted, vary: 'Cookie', calls: ['load'], stored: [] }],
  [
    'unknown',
    'write',
    write,
    { setCookie: fresh, vary: 'Cookie', calls: ['load', 'create'], stored: [{ b: 2 }] },
  ],
  [
    'unknown',
    'untouched, saveEveryRequest',
    untouched,
    { settings: saveEvery, ...silent, calls: ['load'], stored: [] },
  ],
  [
    'no cookie',
    'untouched, saveEveryRequest',
    untouched,
    { settings: saveEvery, ...silent, calls: [], stored: [] },
  ],
  [
    'unknown',
    'read, saveEveryRequest',
    read,
    { settings: saveEvery, setCookie: deleted, vary: 'Cookie', calls: ['load'], stored: [] },
  ],
  ['existing', 'untouched', untouched, { ...silent, calls: [], stored: kept }],
  ['existing', 'read', read, { ...varies, calls: ['load'], stored: kept }],
  [
    'existing',
    'write',
    write,
    { setCookie: same, vary: 'Cookie', calls: ['load', 'save'], stored: [{ a: 1, b: 2 }] },
  ],
  [
    'existing',
    'untouched, saveEveryRequest',
    untouched,
    {
      settings: saveEvery,
      setCookie: same,
      vary: 'Cookie',
      calls: ['load', 'touch'],
      stored: kept,
    },
  ],
  [
    'existing',
    'untouched, saveEveryRequest, 500',
    untouched,
    { settings: saveEvery, status: 500, ...silent, calls: [], stored: kept },
  ],
  [
    'existing',
    'clear',
    clear,
    { setCookie: same, vary: 'Cookie', calls: ['load', 'save'], stored: [{}] },
  ],
  [
    'existing',
    'flush',
    flush,
    { setCookie: deleted, vary: 'Cookie', calls: ['load', 'delete'], stored: [] },
  ],
  ['no cookie', 'flush', flush, { ...varies, calls: [], stored: [] }],
  [
    'existing',
    'flush and write',
    (session) => (flush(session), write(session)),
    { setCookie: fresh, vary: 'Cookie', calls: ['load', 'delete', 'create'], stored: [{ b: 2 }] },
  ],
  [
    'existing',
    'flush, 500',
    flush,
    { status: 500, setCookie: deleted, vary: 'Cookie', calls: ['load', 'delete'], stored: [] },
  ],
  ['existing', 'write, 500', write, { status: 500, ...varies, calls: ['load'], stored: kept }],
  ['existing', 'write, 503', write, { status: 503, ...varies, calls: ['load'], stored: kept }],
  [
    'existing',
    'write, 499',
    write,
    {
      status: 499,
      setCookie: same,
      vary: 'Cookie',
      calls: ['load', 'save'],
      stored: [{ a: 1, b: 2 }],
    },
  ],
  ['no cookie', 'write, 500', write, { status: 500, ...varies, calls: [], stored: [] }],
  [
    'existing',
    'cycleKey',
    cycle,
    { setCookie: fresh, vary: 'Cookie', calls: ['load', 'create', 'save'], stored: kept },
  ],
  [
    'no cookie',
    'cycleKey',
    cycle,
    { setCookie: fresh, vary: 'Cookie', calls: ['create'], stored: [{}] },
  ],
  ['existing', 'cycleKey, 500', cycle, { status: 500, ...varies, calls: ['load'], stored: kept }],
  [
    'no cookie',
    'only modified = true',
    (session) => (session.modified = true),
    { ...silent, calls: [], stored: [] },
  ],
  [
    'no cookie',
    'only an expiry',
    (session) => session.setExpiry(1_209_600),
    {
      setCookie: fresh,
      vary: 'Cookie',
      calls: ['create'],
      stored: [{ _session_expiry: 1_209_600 }],
    },
  ],
]

describe('the decision table', () => {
  it.each(table)('%s, %s', async (client, what, use, row) => {
    const { clock, engine, raw, visit } = site(row.settings)
    const existing = await visit({}, (session) => session.set('a', 1))
    if (client !== 'existing') engine.records.clear()
    const cookie = cookies[client] ?? (client === 'existing' ? existing.cookie : undefined)
    engine.calls.length = 0

    const answer = await raw({ cookie, status: row.status ?? 200 }, async (session) => {
      if (!what.startsWith('untouched')) await use(await session.load())
    })

    const expected = row.setCookie?.replace('<same>', keyIn(cookie))
    const sent = answer.setCookie[0]?.replace(/=[a-z0-9]{32};/, (text) =>
      text === `=${keyIn(cookie)};` ? text : '=<new>;',
    )
    expect(sent).toBe(expected)
    expect(answer.setCookie.length).toBeLessThanOrEqual(1)
    expect(answer.vary).toBe(row.vary)
    expect(answer.cacheControl).toBe(expected === undefined ? undefined : 'no-cache="Set-Cookie"')
    expect(answer.calls).toEqual(row.calls)
    const live = [...engine.records.values()].filter(({ data, expiresAt }) => {
      return expiresAt > clock.now() && !data.includes('_session_successor')
    })
    expect(live.map(({ data }) => JSON.parse(data) as unknown)).toEqual(row.stored)
  })
})
