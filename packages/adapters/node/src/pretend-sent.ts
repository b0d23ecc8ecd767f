import type { ServerResponse } from 'node:http'
import { Stream } from 'node:stream'
import { isHttp2 } from './response-headers.ts'

/** What a response is said to be, while it waits for its commit. */
interface Pretended {
  readonly writableEnded?: true
  readonly writableNeedDrain?: true
}

interface Http1 {
  /** The rendered headers, as soon as they cannot be changed any more. */
  _header: string | null
  /** Whether the response has ended. */
  finished: boolean
}

/** In place of headers that are not rendered yet. */
const HELD = ' '

/**
 * While a response waits, everybody sees it as if it had not been made to: `headersSent` is true, and what may not be done
 * after that fails as ever.
 */
export function pretendSent(res: ServerResponse, more: Pretended = {}): void {
  if (isHttp2(res)) {
    pretend(res, 'headersSent')
    if (more.writableEnded) pretend(res, 'writableEnded')
    return
  }
  // Node itself, frameworks and middleware go by these members, and by `headersSent` and `writableEnded`, which are derived
  // from them.
  const http1 = res as unknown as Http1
  http1._header ??= HELD
  if (more.writableEnded && isConnected(res)) http1.finished = true
  if (more.writableNeedDrain) pretend(res, 'writableNeedDrain')
}

/** From here on, the response says of itself what is. */
export function stopPretending(res: ServerResponse): void {
  if (!isHttp2(res)) {
    const http1 = res as unknown as Http1
    if (http1._header === HELD) http1._header = null
    http1.finished = false
  }
  for (const name of PRETENDED)
    if (Object.hasOwn(res, name)) delete (res as Partial<ServerResponse>)[name]
}

/**
 * Whether the response goes to a connection, or waits for its turn on one. Hosts that collect it instead, such as those of AWS
 * Lambda, look once the handler has returned: what has ended they take for written.
 */
function isConnected({ socket }: ServerResponse): boolean {
  return socket === null || socket instanceof Stream
}

const PRETENDED = ['headersSent', 'writableEnded', 'writableNeedDrain'] as const

function pretend(res: object, name: (typeof PRETENDED)[number]): void {
  Object.defineProperty(res, name, { value: true, configurable: true })
}
