import type { ServerResponse } from 'node:http'
import { type Readable, Writable } from 'node:stream'
import { isUint8Array } from 'node:util/types'
import { holdConnection } from './held-connection.ts'
import type { Method, Methods } from './response-methods.ts'

/** A call that sends the first byte, or what comes after that. */
export interface ResponseCall {
  readonly method: 'write' | 'end' | 'flushHeaders'
  readonly args: readonly unknown[]
}

/** The calls that a response gets while it waits, in their order. */
export class KeptCalls {
  readonly #calls: ResponseCall[] = []
  /** Whether a `write()` returned false. */
  #refused = false
  #drainListeners: Method[] = []
  #letGo: (() => void) | undefined

  /** Keeps a call. A stream is to stop. */
  keep(call: ResponseCall): void {
    this.#calls.push(call)
    if (call.method === 'write') this.#refused = true
  }

  /** Keeps a listener that `emit` may not reach: wrappers inside, compression for example, keep them elsewhere. */
  keepDrainListener(listener: Method): void {
    this.#drainListeners.push(listener)
  }

  /** Whether all that was written is one whole response. */
  get whole(): boolean {
    return this.#calls[0]?.method === 'end'
  }

  /** Carries the calls out. Returns whether more may be written. */
  carryOut(res: ServerResponse, methods: Methods): boolean {
    let flows = true
    for (const { method, args } of this.#calls) {
      const answer = methods[method].apply(res, [...args])
      if (method !== 'flushHeaders') flows = method === 'write' && answer !== false
    }
    return flows
  }

  /** Tells those who wait for what will not be carried out. */
  tell(error: unknown): void {
    for (const call of this.#calls) tellCallback(call, error)
  }

  /** Lets nobody end the connection of a response that was ended. */
  holdConnection(res: ServerResponse): void {
    this.#letGo ??= holdConnection(res)
  }

  /** From here on, the connection can be ended; it is ended now, if somebody has tried to. */
  letConnectionGo(): void {
    this.#letGo?.()
    this.#letGo = undefined
  }

  /** Calls for more, if a stream was told to stop. */
  drain(res: ServerResponse): void {
    if (!this.#refused) return
    const reached = res.rawListeners('drain')
    res.emit('drain')
    for (const listener of this.#drainListeners) if (!reached.includes(listener)) listener.call(res)
  }
}

/** Tells who waits for a call that will not be carried out. */
export function tellCallback({ args }: ResponseCall, error: unknown): void {
  const callback = args.find((each) => typeof each === 'function')
  if (callback !== undefined) process.nextTick(callback, error)
}

/** The call of a method of Node that calls `_send` with those arguments, before the first byte. */
export function callBehind(args: readonly unknown[]): ResponseCall {
  const [data, encoding, callback] = args
  // By that name `end` waits for its last byte: nothing else tells it from `write`.
  if (typeof callback === 'function' && callback.name === 'bound onFinish')
    return { method: 'end', args: data === '' ? [] : [data, encoding] }
  return args.length > 1 ? { method: 'write', args } : { method: 'flushHeaders', args: [] }
}

/** Closes a stream that nobody else reads. */
export function closeUnread(source: Readable): void {
  if (source.listenerCount('data') === 0) source.destroy()
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

/** What `writeHead` throws if it comes too late. */
export function headersSentError(http2: boolean): Error {
  const code = http2 ? 'ERR_HTTP2_HEADERS_SENT' : 'ERR_HTTP_HEADERS_SENT'
  return Object.assign(new Error('Cannot write headers after they are sent to the client'), {
    code,
  })
}
