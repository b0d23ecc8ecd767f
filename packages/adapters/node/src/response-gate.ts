import type { Committed } from '@sessions/core'
import type { ServerResponse } from 'node:http'
import { isGone } from './client-gone.ts'
import type { Committer } from './committer.ts'
import { discardingMethods } from './discarding-methods.ts'
import { pretendSent, stopPretending } from './pretend-sent.ts'
import { applyHead, isHttp2 } from './response-headers.ts'
import {
  callBehind,
  closeUnread,
  headersSentError,
  isStatus,
  KeptCalls,
  refuseInvalidChunk,
  type ResponseCall,
} from './response-calls.ts'
import {
  installMethods,
  methodsOf,
  nodeMethods,
  type Method,
  type Methods,
} from './response-methods.ts'
import { loosenShape } from './loosen-shape.ts'
import type { Next } from './types.ts'
import { writeError } from './write-error.ts'

/**
 * Makes a response wait, at its first byte, until its session is committed. If the commit is synchronous, nothing waits.
 *
 * What is written until then is kept, and written once the commit is done, by the same calls: return values, callbacks and
 * errors are those of Node, except that `write()` returns false while it waits, and `drain` follows.
 */
export function commitBeforeFirstByte(committer: Committer): void {
  void new ResponseGate(committer)
}

/**
 * The gate itself implements the methods that its response has while it waits, and the carrier implements `Committer`. They
 * are no object literals of closures: at a busy start, V8 may pretenure what a literal allocates, and that then keeps whole
 * requests alive. With literals, untouched requests of Koa over Redis cost 13 µs more in 6 processes of 12 that were warmed
 * up at once; without, in 1.
 */
class ResponseGate implements Methods {
  readonly writeHead: Method = (...args) => this.#writeHead(args)
  readonly write: Method = (...args) => this.#write(args)
  readonly end: Method = (...args) => this.#end(args)
  readonly flushHeaders: Method = () => this.#flushHeaders()
  readonly on: Method = (...args) => this.#on(args)
  readonly _send: Method = (...args) => this.#send(args)

  readonly #res: ServerResponse
  readonly #committer: Committer
  /** What goes through gets to these: the response's methods as they were, those of Node or of a wrapper inside of this one. */
  #inner: Methods
  /**
   * - `waiting`: for the first byte
   * - `committing`: for the commit
   * - `open`: everything goes through
   */
  #phase: 'waiting' | 'committing' | 'open' = 'waiting'
  /** Whether `writeHead` was called. It is carried out with the first byte. */
  #headHeld = false
  /** What the status line says, however the response is changed from there on. */
  #status = 200
  #message = ''
  #kept: KeptCalls = NONE

  constructor(committer: Committer) {
    const res = committer.place.res as ServerResponse
    this.#res = res
    this.#committer = committer
    this.#inner = methodsOf(res)
    loosenShape(res, 'sendDate')
    installMethods(res, this.#inner, this)
    this.#inner.on.call(res, 'close', () => this.#closed())
  }

  #writeHead(args: unknown[]): unknown {
    const res = this.#res
    if (this.#phase === 'open' || (this.#phase === 'waiting' && !isStatus(args[0]))) {
      return this.#inner.writeHead.apply(res, args)
    }
    if (this.#headHeld || this.#phase === 'committing') throw headersSentError(isHttp2(res))
    applyHead(res, args)
    this.#noteStatus()
    this.#headHeld = true
    pretendSent(res)
    // In HTTP/2 this sends the headers, in HTTP/1 it does not. What follows in the same breath may still end the response.
    if (isHttp2(res)) queueMicrotask(() => this.#phase === 'waiting' && this.#flushHeaders())
    return res
  }

  #write(args: unknown[]): unknown {
    if (this.#phase !== 'open') refuseInvalidChunk(args[0])
    if (this.#passes({ method: 'write', args })) return this.#inner.write.apply(this.#res, args)
    pretendSent(this.#res, { writableNeedDrain: true })
    return false
  }

  #end(args: unknown[]): unknown {
    if (this.#phase !== 'open' && args[0] && typeof args[0] !== 'function')
      refuseInvalidChunk(args[0])
    if (this.#passes({ method: 'end', args })) return this.#inner.end.apply(this.#res, args)
    pretendSent(this.#res, { writableEnded: true })
    this.#kept.holdConnection(this.#res)
    return this.#res
  }

  #flushHeaders(): unknown {
    const res = this.#res
    // A wrapper outside, compression for example, wants to change the headers before they are said to be sent.
    if (this.#phase === 'waiting' && !this.#headHeld && res.writeHead !== this.writeHead)
      res.writeHead(res.statusCode)
    if (this.#passes({ method: 'flushHeaders', args: [] }))
      return this.#inner.flushHeaders.call(res)
    return undefined
  }

  #on(args: unknown[]): unknown {
    const [type, listener] = args
    if (type === 'drain' && this.#phase === 'committing')
      this.#kept.keepDrainListener(listener as Method)
    this.#inner.on.apply(this.#res, args)
    return this.#res
  }

  /**
   * What Node's own methods of HTTP/1 call to send something. They get here if somebody took them off the response before
   * this gate was there, and do then what they do without wrappers.
   */
  #send(args: unknown[]): unknown {
    if (this.#phase === 'open') return this.#inner._send.apply(this.#res, args)
    this.#inner = nodeMethods()
    const call = callBehind(args)
    return this[call.method](...call.args)
  }

  /** Whether a call may be carried out now. Otherwise it is kept. */
  #passes(call: ResponseCall): boolean {
    if (this.#phase === 'waiting') this.#commit()
    if (this.#phase === 'open') return true
    this.#kept.keep(call)
    return false
  }

  #commit(): void {
    const res = this.#res
    if (!this.#headHeld) this.#noteStatus()
    const committing = this.#sentPast()
      ? this.#committer.commitLate(this.#status)
      : this.#committer.commitAtFirstByte(this.#status)
    if (!('then' in committing)) {
      this.#open(committing)
      return
    }
    this.#phase = 'committing'
    this.#kept = new KeptCalls()
    pretendSent(res)
    committing.then(
      (committed) => this.#release(committed),
      (error: unknown) => this.#fail(error),
    )
  }

  #noteStatus(): void {
    this.#status = this.#res.statusCode
    if (!isHttp2(this.#res)) this.#message = this.#res.statusMessage
  }

  /** Whether the headers went past the gate: by Node's own `writeHead`, or a stream of HTTP/2. */
  #sentPast(): boolean {
    return !this.#headHeld && this.#res.headersSent
  }

  /** The first byte may leave. */
  #open(committed: Committed | undefined): void {
    const res = this.#res
    const pretended = this.#phase === 'committing' || this.#headHeld
    if (pretended) stopPretending(res)
    if (committed !== undefined) this.#committer.place.add(committed, this.#inner, this)
    this.#leave()
    if (pretended && !res.headersSent) {
      res.statusCode = this.#status
      if (!isHttp2(res)) res.statusMessage = this.#message
    }
    if (this.#headHeld) this.#inner.writeHead.call(res, res.statusCode)
  }

  /** Nothing is kept from the response any more. */
  #leave(): void {
    this.#phase = 'open'
    installMethods(this.#res, this, this.#inner)
  }

  #release(committed?: Committed): void {
    const res = this.#res
    const kept = this.#kept
    try {
      this.#open(committed)
      if (kept.carryOut(res, this.#inner)) kept.drain(res)
    } catch (error) {
      // The application is not there to be told: the call that this belongs to has returned.
      this.#destroy(error)
    }
    this.#kept.letConnectionGo()
  }

  #fail(error: unknown): void {
    if (isGone(this.#res)) this.#release()
    else this.#answer(error)
    this.#kept.letConnectionGo()
  }

  #answer(error: unknown): void {
    const res = this.#res
    const kept = this.#kept
    const { next } = this.#committer
    // A wrapper outside, compression for example, takes no second answer once it was told that the first one ends.
    const whole = kept.whole && res.end === (this.end as typeof res.end)
    stopPretending(res)
    kept.tell(error)
    if (res.headersSent) {
      this.#leave()
      this.#destroy(error)
      return
    }
    this.#committer.place.restore()
    this.#committer.place.add(this.#committer.owed(), this.#inner, this)
    if (whole && next !== undefined && this.#handOn(error, next)) return
    // What is piped here is let go when the answer ends. A file would stay open.
    res.on('unpipe', closeUnread)
    // Node's `end` calls `write` as others see it.
    this.#phase = 'open'
    writeError(res, error, this.#inner)
    this.#inner = discardingMethods(res, this.#inner, error)
    kept.drain(res)
  }

  /** Lets the framework answer. Some take `next` once alone, and it has been called: they throw. */
  #handOn(error: unknown, next: Next): boolean {
    this.#leave()
    try {
      next(error)
      return true
    } catch (refusal) {
      if (this.#res.headersSent) {
        this.#destroy(refusal)
        return true
      }
      installMethods(this.#res, this.#inner, this)
      return false
    }
  }

  #destroy(error: unknown): void {
    this.#kept.letConnectionGo()
    this.#res.destroy(error as Error)
  }

  #closed(): void {
    if (this.#phase !== 'waiting') return
    const committing = this.#sentPast()
      ? this.#committer.commitLate(this.#res.statusCode)
      : this.#committer.abandon()
    // There is nobody to be told; the manager reports what its store does.
    if ('then' in committing) committing.then(undefined, () => {})
  }
}

const NONE = new KeptCalls()
