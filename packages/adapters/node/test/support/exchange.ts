import type { SessionRequest } from '@sessions/node'
import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'

/** A request and its response, without a server. */
export function exchange(cookie?: string): { req: SessionRequest; res: ServerResponse } {
  const req = new IncomingMessage(new Socket())
  if (cookie !== undefined) req.headers['cookie'] = cookie
  return { req: req as SessionRequest, res: new ServerResponse(req) }
}

/** The Cookie header of a client that got those headers. */
export function cookieOf(headers: IncomingHttpHeaders): string {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
}

/** Waits until everything has happened that depends on nothing outside this process. */
export async function settled(): Promise<void> {
  for (let turns = 0; turns < 100; turns++) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
