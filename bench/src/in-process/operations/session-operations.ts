import { createSessions, type Session } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import type { Operation } from '../operation.ts'
import { sessionsByHand } from './by-hand.ts'
import { payload } from '../../contenders/payload.ts'

const response = { status: 200, https: true, host: 'example.com' }

/** Whole requests: open the session from the Cookie header, load it from memory, commit it with the response. */
export async function sessionOperations(): Promise<readonly Operation[]> {
  const operations = [...(await ours()), ...byHand()]
  return operations
    .map((operation) => ({ group: 'Requests over memory, 500 bytes', ...operation }))
    .toSorted((one, other) => order.indexOf(one.name) - order.indexOf(other.name))
}

const order = [
  'untouched, no cookie',
  'untouched',
  'read, no cookie',
  'read a number',
  'read an object',
  'change',
  'first visit',
  'new key',
  'first visit, then logout',
]

type Named = Omit<Operation, 'group'>

async function ours(): Promise<readonly Named[]> {
  const { manager, request } = site()
  // Operations that create sessions use a small store, which evicts the oldest: more would measure garbage collection.
  const { request: visit } = site(1_000)
  const cookie = cookieOf(await request('', fill))
  let rotating = cookieOf(await visit('', fill))
  const operations: readonly (readonly [string, () => unknown])[] = [
    ['untouched, no cookie', () => manager.commit(manager.openFromCookies(undefined), response)],
    ['untouched', () => manager.commit(manager.openFromCookies(cookie), response)],
    ['read, no cookie', () => request('theme=dark', (session) => session.get('views'))],
    ['read a number', () => request(cookie, (session) => session.get('views'))],
    ['read an object', () => request(cookie, (session) => session.get('cart'))],
    [
      'change',
      () => request(cookie, (session) => session.modify('views', (views: number) => views + 1)),
    ],
    ['first visit', () => visit('', fill)],
    [
      'new key',
      async () => {
        const session = await visit(rotating, (rotated) => rotated.cycleKey())
        rotating = cookieOf(session)
      },
    ],
    [
      'first visit, then logout',
      async () => visit(cookieOf(await visit('', fill)), (session) => session.flush()),
    ],
  ]
  return operations.map(([name, run]) => ({ name, by: 'ours', run }))
}

function site(maxEntries = 100_000) {
  const manager = createSessions({ engine: memoryEngine({ maxEntries }) })
  const request = async (cookies: string, handle: (session: Session) => unknown) => {
    const session = await manager.openFromCookies(cookies).load()
    handle(session)
    await manager.commit(session, response)
    return session
  }
  return { manager, request }
}

function cookieOf({ sessionKey }: Session): string {
  return `theme=dark; sessionid=${sessionKey}`
}

function fill(session: Session): void {
  session.update(payload)
}

function byHand(): readonly Named[] {
  const request = sessionsByHand()
  const visit = sessionsByHand()
  const cookie = `theme=dark; ${request('', fillByHand)?.split(';', 1)[0]}`
  const operations: readonly (readonly [string, () => unknown])[] = [
    ['read a number', () => request(cookie, (session) => session['views'])],
    ['read an object', () => request(cookie, (session) => session['cart'])],
    ['change', () => request(cookie, increment)],
    ['first visit', () => visit('', fillByHand)],
  ]
  return operations.map(([name, run]) => ({ name, by: 'by hand', run }))
}

function fillByHand(session: object): object {
  return Object.assign(session, payload)
}

function increment(session: Record<string, unknown>): void {
  session['views'] = Number(session['views']) + 1
}
