import { OutgoingMessage, type ServerResponse } from 'node:http'
import { Stream } from 'node:stream'
import { isHttp2 } from '../is-http2.ts'
import { headersSentError } from './node-errors.ts'

/** What a response claims besides `headersSent`, while it waits for its commit. */
interface Pretended {
  readonly writableEnded?: true
  readonly writableNeedDrain?: true
}

interface Http1 {
  /** The rendered headers, once they can no longer be changed. */
  _header: string | null
  /** Whether the response has ended. */
  finished: boolean
  /** Whether a `write()` returned false: see `NEEDS_DRAIN`. */
  [needsDrain: symbol]: boolean
}

/** Stands in for headers that are not rendered yet. */
const HELD = ' '

/**
 * Where Node notes that its `write()` has returned false, until the socket drains. If that call was kept, because it did not
 * go through the response, the socket knows nothing of it, and `pipe` would wait forever.
 */
const NEEDS_DRAIN = Object.getOwnPropertySymbols(new OutgoingMessage()).find(
  ({ description }) => description === 'kNeedDrain',
)

/**
 * Makes a response that waits look as if it had not been held back: `headersSent` is true, and whatever is forbidden after
 * that fails as usual.
 */
export function pretendSent(res: ServerResponse, more: Pretended = {}): void {
  if (isHttp2(res)) {
    pretend(res, 'headersSent')
    refuseHeaders(res)
    if (more.writableEnded) {
      pretend(res, 'writableEnded')
      pretend(res, 'finished')
    }
    if (more.writableNeedDrain && saysNeedsDrain(res)) pretend(res, 'writableNeedDrain')
    return
  }
  // Node itself, frameworks and middleware read these members, or `headersSent` and `writableEnded`, which derive from them.
  const http1 = res as unknown as Http1
  http1._header ??= HELD
  if (more.writableEnded && isConnected(res)) http1.finished = true
  if (more.writableNeedDrain) pretend(res, 'writableNeedDrain')
}

/** Makes the response report its real state again. */
export function stopPretending(res: ServerResponse): void {
  if (isHttp2(res)) {
    acceptHeaders(res)
    delete (res as { finished?: boolean }).finished
  } else {
    const http1 = res as unknown as Http1
    if (http1._header === HELD) http1._header = null
    http1.finished = false
    if (NEEDS_DRAIN !== undefined) http1[NEEDS_DRAIN] = false
  }
  for (const name of PRETENDED)
    if (Object.hasOwn(res, name)) delete (res as Partial<ServerResponse>)[name]
}

/**
 * Whether the response goes to a connection, or waits for its turn on one. Hosts that collect the response instead, such as
 * those for AWS Lambda, look at it when the handler returns, and take an ended response for a written one.
 */
function isConnected({ socket }: ServerResponse): boolean {
  return socket === null || socket instanceof Stream
}

/**
 * Whether an HTTP/2 response says that it needs a drain: from Node 24 on, and never without a body. To such a one, `write()`
 * returns false, and no `drain` follows.
 */
function saysNeedsDrain(res: ServerResponse): boolean {
  const { statusCode, req } = res
  const hasBody = req.method !== 'HEAD' && ![204, 205, 304].includes(statusCode)
  return hasBody && 'writableNeedDrain' in res
}

const PRETENDED = ['headersSent', 'writableEnded', 'writableNeedDrain'] as const

function pretend(res: object, name: (typeof PRETENDED)[number] | 'finished'): void {
  Object.defineProperty(res, name, { value: true, configurable: true })
}

/** HTTP/2's methods that change headers. They ask the stream, not the response, whether the headers have been sent. */
const HEADER_METHODS = ['setHeader', 'appendHeader', 'removeHeader'] as const

const refuse = (): never => {
  throw headersSentError(true)
}

function refuseHeaders(res: object): void {
  for (const name of HEADER_METHODS)
    if (!Object.hasOwn(res, name)) Object.assign(res, { [name]: refuse })
}

function acceptHeaders(res: ServerResponse): void {
  for (const name of HEADER_METHODS)
    if (res[name] === refuse) delete (res as Partial<ServerResponse>)[name]
}
