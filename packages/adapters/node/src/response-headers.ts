import { survivesError, type ResponseHeaders } from '@sessions/core'
import {
  validateHeaderName,
  validateHeaderValue,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { NodeResponse } from './types.ts'

/** A copy of the headers that are set now. */
export function currentHeaders(res: NodeResponse): OutgoingHttpHeaders {
  // engine.io passes responses without this method.
  if (typeof res.getHeaders !== 'function') return {}
  const headers: OutgoingHttpHeaders = res.getHeaders()
  for (const name in headers) {
    const value = headers[name]
    // Node appends further values to the same array.
    if (Array.isArray(value)) headers[name] = [...value]
  }
  return headers
}

/** Resets a response that has sent nothing to status 200 and its former headers. Some headers stay: see `isKept`. */
export function restoreResponse(res: NodeResponse, before: OutgoingHttpHeaders): void {
  for (const name of res.getHeaderNames()) {
    if (!(name in before) && !isKept(name)) res.removeHeader(name)
  }
  for (const [name, value] of Object.entries(before)) {
    if (value !== undefined && !isKept(name)) res.setHeader(name, value)
  }
  res.statusCode = 200
  // HTTP/2 has no status message, and Node warns when it is read.
  if (!isHttp2(res) && res.statusMessage !== undefined) res.statusMessage = ''
}

/** Whether a header survives the reset: those of the connection, and those that every error response keeps. */
function isKept(name: string): boolean {
  return name === 'connection' || name === 'keep-alive' || name === 'date' || survivesError(name)
}

/** The headers of a response, as core reads and sets them. */
export function headersOf(res: NodeResponse): ResponseHeaders {
  return {
    get(name) {
      const value: OutgoingHttpHeader | undefined = res.getHeader(name)
      if (value === undefined) return []
      return Array.isArray(value) ? value.map(String) : [String(value)]
    },
    set(name, values) {
      const only = values[0]
      if (only === undefined) res.removeHeader(name)
      else res.setHeader(CASED[name] ?? name, values.length === 1 ? only : [...values])
    },
  }
}

/**
 * Applies the arguments of `writeHead`, `(status, message?, headers?)`, to a response without sending anything.
 *
 * @throws what Node throws if a header or the reason phrase is invalid. None of the headers is set then.
 */
export function applyHead(res: NodeResponse, args: readonly unknown[]): void {
  const [status, second, third] = args
  res.statusCode = Math.trunc(Number(status))
  if (typeof second === 'string') res.statusMessage = second
  refuseInvalidMessage(res)
  const headers = typeof second === 'string' ? third : (second ?? third)
  if (Array.isArray(headers)) {
    const pairs = pairsOf(headers)
    refuseInvalidPairs(res, pairs)
    applyPairs(res, pairs)
  } else if (headers !== null && typeof headers === 'object') {
    const pairs = (Object.entries(headers) as Pair[]).filter(([name]) => name)
    refuseInvalidPairs(res, pairs)
    for (const [name, value] of pairs) res.setHeader(name, value)
  }
}

/** The status that Node sends: it takes numbers in strings, which `statusCode` keeps as they are, and truncates them. */
export function statusOf(res: NodeResponse): number {
  return Math.trunc(res.statusCode)
}

/** Throws Node's own error if the reason phrase is invalid. HTTP/2 has none, and Node warns when it is read. */
export function refuseInvalidMessage(res: NodeResponse): void {
  if (!isHttp2(res) && res.statusMessage) validateHeaderValue('statusMessage', res.statusMessage)
}

/** Whether this is an HTTP/2 response. */
export function isHttp2(res: NodeResponse): res is Exclude<NodeResponse, ServerResponse> {
  return res.req?.httpVersionMajor === 2
}

/** HTTP/2 sets those before the invalid one, as Node does. */
function refuseInvalidPairs(res: NodeResponse, pairs: readonly Pair[]): void {
  if (isHttp2(res)) return
  for (const [name, value] of pairs) {
    validateHeaderName(name)
    validateHeaderValue(name, value as string)
  }
}

function applyPairs(res: NodeResponse, pairs: readonly Pair[]): void {
  for (const [name] of pairs) res.removeHeader(name)
  for (const [name, value] of pairs) (res as ServerResponse).appendHeader(name, value)
}

type Pair = readonly [name: string, value: string | string[]]

/** `[['a', '1'], ['b', '2']]` as it is; `['a', '1', 'b', '2']` in pairs. */
function pairsOf(headers: readonly unknown[]): Pair[] {
  if (Array.isArray(headers[0])) return headers as unknown as Pair[]
  if (headers.length % 2 !== 0) {
    throw Object.assign(new TypeError('The headers of writeHead need a value for each name.'), {
      code: 'ERR_INVALID_ARG_VALUE',
    })
  }
  const pairs: Pair[] = []
  for (let at = 0; at < headers.length; at += 2) {
    pairs.push([headers[at], headers[at + 1]] as unknown as Pair)
  }
  return pairs
}

/** The headers that core sets, in the case that HTTP/1 servers use. */
const CASED: Readonly<Record<string, string>> = {
  'set-cookie': 'Set-Cookie',
  vary: 'Vary',
  'cache-control': 'Cache-Control',
}
