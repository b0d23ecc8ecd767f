import { setTimeout as sleep } from 'node:timers/promises'
import { createVisitor, type Visitor } from './visitor.ts'

/** How many write to one session at once. */
export const WRITERS = 50

/** How late the store is, in milliseconds, where it is seen whether headers wait for it. */
export const STORE_DELAY = 300

/** How many of the keys that `WRITERS` requests set at the same time are there afterwards. */
export async function survivingKeys(port: number): Promise<number> {
  const visitor = await visitorWithSession(port)
  const cookie = visitor.cookie()
  // All have loaded before the first one saves.
  const requests = Array.from({ length: WRITERS }, async (_, index) => {
    const response = await visitor.ask(`/set?key=writer${index}&wait=500`, cookie)
    await response.text()
  })
  await Promise.all(requests)
  const keys = await keysOf(visitor)
  return keys.filter((key) => key.startsWith('writer')).length
}

/**
 * Whether a session is still over when a request that began before the logout has ended.
 *
 * @param inCookie Whether the browser has the only copy, so that only what it has in the end counts.
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

/** After how many milliseconds the headers of a redirect are there that makes a session. */
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
