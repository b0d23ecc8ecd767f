import { applyCommitted, type Committed, type MaybePromise } from '@sessions/core'
import type { ServerResponse } from 'node:http'
import { pretendSent, stopPretending } from './pretence.ts'
import { applyHead, headersOf, isHttp2 } from './response-headers.ts'
import {
  headersSentError,
  isStatus,
  refuseInvalidChunk,
  tellCallbacks,
  type Method,
  type Methods,
  type ResponseCall,
} from './response-calls.ts'
import { loosenShape } from './shape.ts'
import type { Next, NodeResponse } from './types.ts'
import { writeError } from './write-error.ts'

/** What a response is made to wait for. */
export interface Gatekeeper {
  /**
   * Commits the session, before the first byte, by the response's status. Where the client has gone it is 500: nothing is
   * stored but a logout, at once and, where the handler goes on after that, at its end.
   */
  commit(status: number): MaybePromise<Committed>
  /** Takes back what was done to the response, for an error's answer. */
  restore(): void
  /** Hands an error to the framework. Without one, the gate answers it. */
  readonly next: Next | undefined
}

/**
 * Makes a response wait, at its first byte, until its session is committed. Where the commit is synchronous, nothing waits.
 *
 * What is written meanwhile is kept, and written once the commit is done, by the same calls: return values, callbacks and
 * errors are those of Node, except that `write()` returns false while it waits, and `drain` follows.
 */
export function commitBeforeFirstByte(res: NodeResponse, gatekeeper: Gatekeeper): void {
  void new ResponseGate(res as ServerResponse, gatekeeper)
}

class ResponseGate {
  readonly #res: ServerResponse
  readonly #keeper: Gatekeeper
  /** The response's methods as they were, those of Node or of a wrapper inside of this one. */
  readonly #inner: Methods
  readonly #own: Methods
  /**
   * - `waiting`: for the first byte · `committing`: for the commit
   * - `open`: everything goes through · `answered`: with an error; what the handler still writes goes nowhere
   */
  #phase: 'waiting' | 'committing' | 'open' | 'answered' = 'waiting'
  /** Whether `writeHead` was called. It is carried out with the first byte. */
  #headHeld = false
  #clientGone = false
  #status = 200
  #calls: ResponseCall[] = []
  /** Whether a `write()` returned false. */
  #refused = false
  #drainListeners: Method[] = []
  #error: unknown

  constructor(res: ServerResponse, keeper: Gatekeeper) {
    this.#res = res
    this.#keeper = keeper
    const { writeHead, write, end, flushHeaders, on } = res as unknown as Methods
    this.#inner = { writeHead, write, end, flushHeaders, on }
    this.#own = {
      writeHead: (...args) => this.#writeHead(args),
      write: (...args) => this.#write(args),
      end: (...args) => this.#end(args),
      flushHeaders: () => this.#flushHeaders(),
      on: (...args) => this.#on(args),
    }
    loosenShape(res, 'sendDate')
    this.#install(this.#own)
    on.call(res, 'close', () => this.#closed())
  }

  #writeHead(args: unknown[]): unknown {
    const res = this.#res
    if (this.#phase === 'open' || (this.#phase === 'waiting' && !isStatus(args[0]))) {
      return this.#inner.writeHead.apply(res, args)
    }
    if (this.#phase === 'answered') return res
    if (this.#headHeld || this.#phase === 'committing') throw headersSentError(isHttp2(res))
    applyHead(res, args)
    this.#headHeld = true
    pretendSent(res)
    // In HTTP/2 this sends the headers, in HTTP/1 it does not. What follows in the same breath may still end the response.
    if (isHttp2(res)) queueMicrotask(() => this.#phase === 'waiting' && this.#flushHeaders())
    return res
  }

  #write(args: unknown[]): unknown {
    if (this.#phase !== 'open') refuseInvalidChunk(args[0])
    if (this.#passes({ method: 'write', args })) return this.#inner.write.apply(this.#res, args)
    if (this.#phase === 'answered') return true
    this.#refused = true
    pretendSent(this.#res, { writableNeedDrain: true })
    return false
  }

  #end(args: unknown[]): unknown {
    if (this.#phase !== 'open' && args[0] && typeof args[0] !== 'function')
      refuseInvalidChunk(args[0])
    if (this.#passes({ method: 'end', args })) return this.#inner.end.apply(this.#res, args)
    if (this.#phase === 'committing') pretendSent(this.#res, { writableEnded: true })
    return this.#res
  }

  #flushHeaders(): unknown {
    if (this.#passes({ method: 'flushHeaders', args: [] }))
      return this.#inner.flushHeaders.call(this.#res)
    return undefined
  }

  /** A wrapper inside may keep these listeners where `emit` does not reach them, compression for example. */
  #on(args: unknown[]): unknown {
    const [type, listener] = args
    if (type === 'drain' && this.#phase === 'committing')
      this.#drainListeners.push(listener as Method)
    this.#inner.on.apply(this.#res, args)
    return this.#res
  }

  /** Whether a call may be carried out now. Otherwise it is kept, or of no use any more. */
  #passes(call: ResponseCall): boolean {
    if (this.#phase === 'waiting') this.#commit()
    if (this.#phase === 'open') return true
    if (this.#phase === 'committing') this.#calls.push(call)
    else tellCallbacks([call], this.#error)
    return false
  }

  #commit(): void {
    const res = this.#res
    this.#status = res.statusCode
    let committing: MaybePromise<Committed>
    try {
      committing = this.#keeper.commit(this.#isGone() ? 500 : this.#status)
    } catch (error) {
      // Whoever called `end()` does not expect to be answered before it returns.
      committing = Promise.reject(error)
    }
    if (!('then' in committing)) {
      this.#open(committing)
      return
    }
    this.#phase = 'committing'
    pretendSent(res)
    committing.then(
      (committed) => this.#release(committed),
      (error: unknown) => this.#fail(error),
    )
  }

  /** The first byte may leave. */
  #open(committed: Committed | undefined): void {
    const res = this.#res
    const pretended = this.#phase === 'committing' || this.#headHeld
    if (pretended) stopPretending(res)
    if (committed !== undefined && !this.#isGone()) applyCommitted(committed, headersOf(res))
    this.#leave()
    if (pretended) res.statusCode = this.#status
    if (this.#headHeld) this.#inner.writeHead.call(res, res.statusCode)
  }

  /** Nothing is kept from the response any more. */
  #leave(): void {
    this.#phase = 'open'
    this.#install(this.#inner)
  }

  #release(committed?: Committed): void {
    const res = this.#res
    let flows = true
    try {
      this.#open(committed)
      for (const { method, args } of this.#calls) {
        const answer = this.#inner[method].apply(res, [...args])
        if (method !== 'flushHeaders') flows = method === 'write' && answer !== false
      }
    } catch (error) {
      // The application is not there to be told: the call that this belongs to has returned.
      res.destroy(error as Error)
      return
    }
    if (this.#refused && flows) this.#drain()
  }

  #fail(error: unknown): void {
    if (this.#isGone()) {
      this.#release()
      return
    }
    const res = this.#res
    const calls = this.#calls
    const { next, restore } = this.#keeper
    // A wrapper outside, compression for example, takes no second answer once it was told that the first one ends.
    const whole = calls[0]?.method === 'end' && res.end === (this.#own.end as typeof res.end)
    stopPretending(res)
    restore()
    this.#error = error
    if (whole && next !== undefined) {
      this.#leave()
      tellCallbacks(calls, error)
      next(error)
      return
    }
    tellCallbacks(calls, error)
    // Node's `end` calls `write` as others see it.
    this.#phase = 'open'
    writeError(res, error, this.#inner)
    this.#phase = 'answered'
    if (this.#refused) this.#drain()
  }

  #drain(): void {
    const res = this.#res
    const reached = res.rawListeners('drain')
    res.emit('drain')
    for (const listener of this.#drainListeners) if (!reached.includes(listener)) listener.call(res)
  }

  /** A client that has gone, or a response that was destroyed, gets nothing stored but a logout. */
  #closed(): void {
    if (this.#phase !== 'waiting') return
    this.#clientGone = true
    try {
      const committing = this.#keeper.commit(500)
      if ('then' in committing) committing.then(undefined, () => {})
    } catch {
      // There is nobody to be told; the manager reports what its store does.
    }
  }

  #isGone(): boolean {
    const { destroyed, stream } = this.#res as ServerResponse & {
      readonly stream?: { readonly destroyed: boolean }
    }
    return this.#clientGone || destroyed || stream?.destroyed === true
  }

  /** Puts methods in place, except where a wrapper outside has put its own. */
  #install(methods: Methods): void {
    const current = this.#res as unknown as Methods
    const expected = methods === this.#own ? this.#inner : this.#own
    // Member by member: a loop over their names costs ten times as much.
    if (current.writeHead === expected.writeHead) current.writeHead = methods.writeHead
    if (current.write === expected.write) current.write = methods.write
    if (current.end === expected.end) current.end = methods.end
    if (current.flushHeaders === expected.flushHeaders) current.flushHeaders = methods.flushHeaders
    if (current.on === expected.on) current.on = methods.on
  }
}
