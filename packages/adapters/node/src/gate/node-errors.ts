import { OutgoingMessage, type ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import { isUint8Array } from 'node:util/types'
import { isHttp2 } from '../is-http2.ts'

/** Throws Node's own error for an invalid chunk, and at once: when a kept chunk is written, its caller has long returned. */
export function refuseInvalidChunk(res: ServerResponse, chunk: unknown): void {
  if (typeof chunk === 'string' || isUint8Array(chunk)) return
  // HTTP/2 streams accept other typed arrays, too, in versions of Node whose streams do.
  if (isHttp2(res)) new Writable({ write() {} }).write(chunk)
  else new OutgoingMessage().write(chunk)
}

/** The error that `writeHead` throws after the headers have been sent. */
export function headersSentError(http2: boolean): Error {
  const code = http2 ? 'ERR_HTTP2_HEADERS_SENT' : 'ERR_HTTP_HEADERS_SENT'
  return Object.assign(new Error('Cannot write headers after they are sent to the client'), {
    code,
  })
}
