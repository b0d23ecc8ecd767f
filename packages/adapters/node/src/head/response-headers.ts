import { survivesError, type ResponseHeaders } from '@sessions/core'
import type { OutgoingHttpHeader, OutgoingHttpHeaders } from 'node:http'
import { isHttp2 } from '../is-http2.ts'
import type { NodeResponse } from '../types.ts'

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

/** The headers that core sets, in the case that HTTP/1 servers use. */
const CASED: Readonly<Record<string, string>> = {
  'set-cookie': 'Set-Cookie',
  vary: 'Vary',
  'cache-control': 'Cache-Control',
}
