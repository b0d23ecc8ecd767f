import { parse } from 'hono/utils/cookie'
import { cookieValues } from '../../../../packages/core/src/cookies/cookie-header.ts'
import type { Operation } from '../operation.ts'
import { cookie, Cookies } from './peers.ts'

const session = `sessionid=${'k'.repeat(32)}`
const headers = {
  '1 cookie': session,
  '5 cookies': `theme=dark; _ga=GA1.1.1234567890.1234567890; consent=all; lang=en-GB; ${session}`,
}

/** Finding the session's cookie in a Cookie header. */
export const cookieOperations: readonly Operation[] = Object.entries(headers).flatMap(
  ([name, header]) => {
    const request = { headers: { cookie: header } }
    return [
      ['ours', () => cookieValues(header, 'sessionid')],
      ['by hand', () => scan(header, 'sessionid=')],
      ['cookie (Express)', () => cookie.parse(header)['sessionid']],
      ['cookies (Koa)', () => new Cookies(request, {}).get('sessionid', { signed: false })],
      ['hono', () => parse(header, 'sessionid')['sessionid']],
    ].map(([by, run]) => ({ group: 'Cookie header', name, by, run }) as Operation)
  },
)

function scan(header: string, prefix: string): string | undefined {
  const at = header.indexOf(prefix)
  if (at === -1 || (at > 0 && header[at - 2] !== ';')) return undefined
  const end = header.indexOf(';', at)
  return header.slice(at + prefix.length, end === -1 ? undefined : end)
}
