import { expect } from 'vitest'
import type { Head } from './client.ts'
import { inProcess, type AdapterCase, type InsideApp } from './context.ts'
import {
  expectCookieDeleted,
  expectKey,
  expectNewKey,
  expectUntouched,
  expectVaryOnly,
  UNKNOWN_KEY,
} from './expectations.ts'
import type { EngineOperation } from './probe.ts'
import type { ReferenceFlags } from '../reference-app/flags.ts'

interface Given {
  /** The client's key: none, a malformed one, one of no session, or that of a session with `{ views: 1 }`. */
  readonly sends?: 'malformed' | 'unknown' | 'live'
  readonly request: string
  readonly flags?: ReferenceFlags
}

interface Outcome {
  readonly status?: number
  /** The response's headers: none of ours, Vary alone, or Vary and this Set-Cookie. */
  readonly says: 'nothing' | 'vary' | 'new key' | 'same key' | 'deleted'
  readonly calls: readonly EngineOperation[]
  /** The data that the client's next request finds. */
  readonly data?: Readonly<Record<string, unknown>>
  /** Whether the live session still exists. */
  readonly live?: 'kept' | 'ended'
}

const EVERY: ReferenceFlags = { saveEveryRequest: true }

/** The decision table of Django's middleware, with this library's decisions. Rows with a letter are additional. */
const rows: Readonly<Record<string, readonly [Given, Outcome]>> = {
  '1: without a cookie, untouched: nothing happens': [
    { request: 'GET /untouched' },
    { says: 'nothing', calls: [] },
  ],
  '2: without a cookie, read: Vary only, nothing is stored': [
    { request: 'GET /read' },
    { says: 'vary', calls: [] },
  ],
  '3: without a cookie, written: a new session': [
    { request: 'GET /count' },
    { says: 'new key', calls: ['create'], data: { views: 1 } },
  ],
  '4: a malformed cookie, untouched: nothing happens (Django deletes it)': [
    { sends: 'malformed', request: 'GET /untouched' },
    { says: 'nothing', calls: [] },
  ],
  '4a: a malformed cookie, read: the cookie is deleted without an engine call': [
    { sends: 'malformed', request: 'GET /read' },
    { says: 'deleted', calls: [] },
  ],
  '4b: a malformed cookie, written: a new session': [
    { sends: 'malformed', request: 'GET /count' },
    { says: 'new key', calls: ['create'], data: { views: 1 } },
  ],
  '5: an unknown key, untouched: nothing happens': [
    { sends: 'unknown', request: 'GET /untouched' },
    { says: 'nothing', calls: [] },
  ],
  '6: an unknown key, read: the cookie is deleted': [
    { sends: 'unknown', request: 'GET /read' },
    { says: 'deleted', calls: ['load'] },
  ],
  '7: an unknown key, written: a new key, never the client’s': [
    { sends: 'unknown', request: 'GET /count' },
    { says: 'new key', calls: ['load', 'create'], data: { views: 1 } },
  ],
  '8: saveEveryRequest, an unknown key, untouched: nothing is created (Django inserts a row)': [
    { sends: 'unknown', request: 'GET /untouched', flags: EVERY },
    { says: 'nothing', calls: ['load'] },
  ],
  '8a: saveEveryRequest, a malformed cookie, untouched: no engine call': [
    { sends: 'malformed', request: 'GET /untouched', flags: EVERY },
    { says: 'nothing', calls: [] },
  ],
  '8b: saveEveryRequest, a live session, untouched: its deadline moves, its cookie goes out again':
    [
      { sends: 'live', request: 'GET /untouched', flags: EVERY },
      { says: 'same key', calls: ['load', 'touch'], live: 'kept' },
    ],
  '8c: saveEveryRequest, a live session, status 500: its deadline does not move': [
    { sends: 'live', request: 'GET /throw?key=k', flags: EVERY },
    { status: 500, says: 'vary', calls: ['load'], live: 'kept' },
  ],
  '9: saveEveryRequest, without a cookie, untouched: nothing happens': [
    { request: 'GET /untouched', flags: EVERY },
    { says: 'nothing', calls: [] },
  ],
  '9a: saveEveryRequest, without a cookie, read: Vary only': [
    { request: 'GET /read', flags: EVERY },
    { says: 'vary', calls: [] },
  ],
  '10: saveEveryRequest, an unknown key, read: the cookie is deleted': [
    { sends: 'unknown', request: 'GET /read', flags: EVERY },
    { says: 'deleted', calls: ['load'] },
  ],
  '11: clear(): an empty session under the same key': [
    { sends: 'live', request: 'POST /clear' },
    { says: 'same key', calls: ['load', 'save'], data: {}, live: 'kept' },
  ],
  '12: flush(): the record and the cookie are deleted': [
    { sends: 'live', request: 'POST /flush' },
    { says: 'deleted', calls: ['load', 'delete'], live: 'ended' },
  ],
  '13: flush() without a cookie: Vary only': [
    { request: 'POST /flush' },
    { says: 'vary', calls: [] },
  ],
  '14: flush(), then written: the old session is deleted, a new one created': [
    { sends: 'live', request: 'POST /flush?key=k' },
    { says: 'new key', calls: ['load', 'delete', 'create'], data: { k: true }, live: 'ended' },
  ],
  '15: flush(), status 500: the session is deleted whatever the status': [
    { sends: 'live', request: 'POST /flush?status=500' },
    { status: 500, says: 'deleted', calls: ['load', 'delete'], live: 'ended' },
  ],
  '16: written, status 500: nothing is stored': [
    { sends: 'live', request: 'GET /status/500?key=k' },
    { status: 500, says: 'vary', calls: ['load'], data: { views: 1 } },
  ],
  '16a: written, status 503: nothing is stored': [
    { sends: 'live', request: 'GET /status/503?key=k' },
    { status: 503, says: 'vary', calls: ['load'], data: { views: 1 } },
  ],
  '16b: written for the first time, status 500: no session is created': [
    { request: 'GET /status/500?key=k' },
    { status: 500, says: 'vary', calls: [] },
  ],
  '17: cycleKey(): a new key for the same data, and the old key opens nothing': [
    { sends: 'live', request: 'POST /cycle' },
    { says: 'new key', calls: ['load', 'create', 'save'], data: { views: 1 }, live: 'ended' },
  ],
  '18: cycleKey() without a session: an empty session under a new key': [
    { request: 'POST /cycle' },
    { says: 'new key', calls: ['create'], data: {} },
  ],
  '19: cycleKey(), then 500: the old key still works (Django logs the user out)': [
    { sends: 'live', request: 'GET /cycle-throw' },
    { status: 500, says: 'vary', calls: ['load'], data: { views: 1 }, live: 'kept' },
  ],
  '20: a new session that is modified but empty is not stored': [
    { request: 'POST /clear' },
    { says: 'vary', calls: [] },
  ],
}

/** Rows 1 to 20. Row 21 is among the cases of expiry, 22 and 23 are among those of cookie engines. */
export const decisionTable: readonly AdapterCase[] = inProcess(
  'decision table',
  Object.fromEntries(
    Object.entries(rows).map(([name, [given, outcome]]) => [
      name,
      async ({ serve }) => tryRow(await serve(given.flags), given, outcome),
    ]),
  ),
)

async function tryRow(app: InsideApp, given: Given, outcome: Outcome): Promise<void> {
  const visitor = app.visitor()
  if (given.sends === 'live') await visitor.get('/count')
  const live = visitor.key()
  const key = given.sends === undefined ? undefined : sentKeys(live)[given.sends]
  const cookie = key === undefined ? undefined : `${app.cookieName}=${key}`
  const [method, path = '/'] = given.request.split(' ')
  app.probe.reset()

  const answer = await visitor.get(path, { method, cookie })

  expect(app.probe.calls(), 'engine calls').toEqual(outcome.calls)
  expect(answer.status, 'status').toBe(outcome.status ?? 200)
  expectSaid(answer, outcome.says, key)
  if (outcome.data !== undefined) {
    expect((await visitor.all()).data, 'data of the next request').toEqual(outcome.data)
  }
  if (outcome.live !== undefined) {
    expect(await isLive(app, live), 'the old key opens a session').toBe(outcome.live === 'kept')
  }
}

function sentKeys(live: string | undefined): Readonly<Record<string, string | undefined>> {
  return { malformed: 'tooshort', unknown: UNKNOWN_KEY, live }
}

function expectSaid(head: Head, says: Outcome['says'], key: string | undefined): void {
  if (says === 'nothing') expectUntouched(head)
  if (says === 'vary') expectVaryOnly(head)
  if (says === 'same key') expectKey(head, key)
  if (says === 'new key') expectNewKey(head, key)
  if (says === 'deleted') expectCookieDeleted(head)
}

async function isLive(app: InsideApp, key: string | undefined): Promise<boolean> {
  const answer = await app.send('/all', { cookie: `${app.cookieName}=${key}` })
  return (answer.json() as { key: string | null }).key !== null
}
