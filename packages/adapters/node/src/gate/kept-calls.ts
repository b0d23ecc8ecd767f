import type { ServerResponse } from 'node:http'
import { holdConnection } from './held-connection.ts'
import { tellCallback, type ResponseCall } from './response-call.ts'
import type { Method, Methods } from './response-methods.ts'

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
