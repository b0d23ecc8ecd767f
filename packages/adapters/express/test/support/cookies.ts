import type { IncomingHttpHeaders } from 'node:http'

/** The Cookie header of a client that got those headers. */
export function cookieOf(headers: IncomingHttpHeaders): string {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ')
}
