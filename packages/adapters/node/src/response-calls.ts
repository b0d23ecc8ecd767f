import { OutgoingMessage, type ServerResponse } from 'node:http'
import { type Readable, Writable } from 'node:stream'
import { isUint8Array } from 'node:util/types'
import { holdConnection } from './held-connection.ts'
import { isHttp2 } from './response-headers.ts'
import type { Method, Methods } from './response-methods.ts'

/** A call that sends the first byte, or something after it. */
export interface ResponseCall {
  readonly method: 'write' | 'end' | 'flushHeaders'
  readonly args: readonly unknown[]
}

/** The calls that a response receives while it waits, in order. */
export class KeptCalls {
  readonly #calls: ResponseCall[] = []
  /** Whether a `write()` returned false. */
  #refused = false
  #drainListeners: Method[] = []
  #releaseConnection: (() => void) | undefined

  /** Keeps a call. A `write()` is owed a `drain`. */
  keep(call: ResponseCall): void {
    this.#calls.push(call)
    if (call.method === 'write') this.#refused = true
  }

  /** Keeps a `drain` listener that `emit` may not reach: inner wrappers, such as compression, register it elsewhere. */
  keepDrainListener(listener: Method): void {
    this.#drainListeners.push(listener)
  }

  /** Whether the handler has sent the whole response by a single `end()`. */
  get whole(): boolean {
    return this.#calls[0]?.method === 'end'
  }

  /** Makes the calls. Returns whether more may be written. */
  replay(res: ServerResponse, methods: Methods): boolean {
    let writable = true
    for (const { method, args } of this.#calls) {
      const result = methods[method].apply(res, [...args])
      if (method !== 'flushHeaders') writable = method === 'write' && result !== false
    }
    return writable
  }

  /** Gives the error to the callbacks of all calls, which will not be made. */
  tellCallbacks(error: unknown): void {
    for (const call of this.#calls) tellCallback(call, error)
  }

  /** Keeps the connection of an ended response open, even if something destroys it. */
  holdConnection(res: ServerResponse): void {
    this.#releaseConnection ??= holdConnection(res)
  }

  /** Allows the connection to be destroyed again. If something has tried to in the meantime, it is destroyed now. */
  releaseConnection(): void {
    this.#releaseConnection?.()
    this.#releaseConnection = undefined
  }

  /** Emits the `drain` that is owed, if a `write()` returned false. */
  drain(res: ServerResponse): void {
    if (!this.#refused) return
    const reached = res.rawListeners('drain')
    res.emit('drain')
    for (const listener of this.#drainListeners) if (!reached.includes(listener)) listener.call(res)
  }
}

/** Gives the error to the callback of a call that will not be made. */
export function tellCallback({ args }: ResponseCall, error: unknown): void {
  const callback = args.find((arg) => typeof arg === 'function')
  if (callback !== undefined) process.nextTick(callback, error)
}

/** The call of one of Node's methods that led to a `_send` with these arguments, before the first byte. */
export function callBehind(args: readonly unknown[]): ResponseCall {
  const [data, encoding, callback] = args
  // Node's `end` passes a callback of this name. Nothing else distinguishes it from `write`.
  if (typeof callback === 'function' && callback.name === 'bound onFinish')
    return { method: 'end', args: data === '' ? [] : [data, encoding] }
  return args.length > 1 ? { method: 'write', args } : { method: 'flushHeaders', args: [] }
}

/** Destroys a stream that nothing else reads. */
export function closeUnread(source: Readable): void {
  if (source.listenerCount('data') === 0) source.destroy()
}

/** Whether Node accepts this status. Node itself reports what is wrong with others. */
export function isStatus(status: unknown): boolean {
  const number = Number(status)
  return number >= 100 && number <= 999
}

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
