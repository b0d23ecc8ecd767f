import { validateHeaderName, validateHeaderValue, type ServerResponse } from 'node:http'
import { isHttp2 } from '../is-http2.ts'
import type { NodeResponse } from '../types.ts'
import { refuseInvalidMessage } from './status-line.ts'

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
