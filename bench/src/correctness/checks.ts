import { setTimeout as sleep } from 'node:timers/promises'
import { createVisitor, type Visitor } from './visitor.ts'

/** The number of requests that write to one session at once. */
export const WRITERS = 50

/** The delay of the store, in milliseconds, in the check of whether headers wait for the save. */
export const STORE_DELAY = 300

/** How many keys remain after `WRITERS` concurrent requests have each set one. */
export async function survivingKeys(port: number): Promise<number> {
  const visitor = await visitorWithSession(port)
  const cookie = visitor.cookie()
  // The wait is long enough for all to load before the first one saves.
  const requests = Array.from({ length: WRITERS }, async (_, index) => {
    const response = await visitor.ask(`/set?key=writer${index}&wait=500`, cookie)
    await response.text()
  })
  await Promise.all(requests)
  const keys = await keysOf(visitor)
  return keys.filter((key) => key.startsWith('writer')).length
}

/**
 * Whether a session stays ended when a request that started before the logout finishes after it.
 *
 * @param inCookie Whether the session is kept in the cookie. Then only the cookie that the browser ends up with is tried;
 *   otherwise the one from before the logout as well.
 */
export async function logoutHolds(port: number, inCookie: boolean): Promise<boolean> {
  const visitor = await visitorWithSession(port)
  const cookie = visitor.cookie()
  const slow = visitor.ask('/set?key=late&wait=600', cookie)
  await sleep(250)
  await (await visitor.ask('/logout', cookie)).text()
  await (await slow).text()
  const left = [await keysOf(visitor), ...(inCookie ? [] : [await keysOf(visitor, cookie)])]
  return !left.flat().some((key) => key === 'userId' || key === 'late')
}

/** Milliseconds until the headers arrive of a redirect that creates a session. */
export async function headersAfter(port: number): Promise<number> {
  const visitor = createVisitor(port)
  const start = performance.now()
  const response = await visitor.ask('/redirect')
  const milliseconds = performance.now() - start
  await response.text()
  return milliseconds
}

async function visitorWithSession(port: number): Promise<Visitor> {
  const visitor = createVisitor(port)
  await (await visitor.ask('/seed')).text()
  return visitor
}

async function keysOf(visitor: Visitor, cookie?: string): Promise<readonly string[]> {
  const { keys } = (await (await visitor.ask('/keys', cookie)).json()) as { keys: string[] }
  return keys
}
