import { Writable } from 'node:stream'
import { isUint8Array } from 'node:util/types'

/** A method of a response. */
export type Method = (this: unknown, ...args: unknown[]) => unknown

/** Those that have to wait for the commit, or matter to what waits. */
export type Methods = Record<'writeHead' | 'write' | 'end' | 'flushHeaders' | 'on', Method>

/** A call that sends the first byte, or what comes after that. */
export interface ResponseCall {
  readonly method: 'write' | 'end' | 'flushHeaders'
  readonly args: readonly unknown[]
}

/** Tells those who wait for calls that will not be carried out. */
export function tellCallbacks(calls: readonly ResponseCall[], error: unknown): void {
  for (const { args } of calls) {
    const callback = args.find((each) => typeof each === 'function')
    if (callback !== undefined) process.nextTick(callback, error)
  }
}

/** Whether a response can have that status. Node says what is wrong with others. */
export function isStatus(status: unknown): boolean {
  const number = Number(status)
  return number >= 100 && number <= 999
}

/** What a chunk can be is for Node to say, and at once: when it is written, nobody listens any more. */
export function refuseInvalidChunk(chunk: unknown): void {
  if (typeof chunk === 'string' || isUint8Array(chunk)) return
  new Writable({ write() {} }).write(chunk)
}

/** What `writeHead` throws where it comes too late. */
export function headersSentError(http2: boolean): Error {
  const code = http2 ? 'ERR_HTTP2_HEADERS_SENT' : 'ERR_HTTP_HEADERS_SENT'
  return Object.assign(new Error('Cannot write headers after they are sent to the client'), {
    code,
  })
}
