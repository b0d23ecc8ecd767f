import type { ServerResponse } from 'node:http'
import { isHttp2 } from './response-headers.ts'

/** What a response is said to be, while it waits for its commit. */
interface Pretended {
  readonly writableEnded?: true
  readonly writableNeedDrain?: true
}

/** In place of the rendered headers that Node keeps under this name as soon as they cannot be changed any more. */
interface Http1 {
  _header: string | null
}

/**
 * While a response waits, everybody sees it as if it had not been made to: `headersSent` is true, and what may not be done
 * after that fails as ever.
 */
export function pretendSent(res: ServerResponse, more: Pretended = {}): void {
  // Node itself, frameworks and middleware go by this member, and by `headersSent`, which is derived from it.
  if (isHttp2(res)) pretend(res, 'headersSent')
  else (res as unknown as Http1)._header = ' '
  if (more.writableEnded) pretend(res, 'writableEnded')
  // The compatibility API of HTTP/2 does not have it.
  if (more.writableNeedDrain && 'writableNeedDrain' in res) pretend(res, 'writableNeedDrain')
}

/** From here on, the response says of itself what is. */
export function stopPretending(res: ServerResponse): void {
  if (!isHttp2(res)) (res as unknown as Http1)._header = null
  for (const name of PRETENDED)
    if (Object.hasOwn(res, name)) delete (res as Partial<ServerResponse>)[name]
}

const PRETENDED = ['headersSent', 'writableEnded', 'writableNeedDrain'] as const

function pretend(res: object, name: (typeof PRETENDED)[number]): void {
  Object.defineProperty(res, name, { value: true, configurable: true })
}
