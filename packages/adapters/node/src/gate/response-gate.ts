import { isPromise, type Committed } from '@sessions/core'
import type { ServerResponse } from 'node:http'
import { isGone } from '../client-gone.ts'
import { closeUnread } from '../close-unread.ts'
import type { Committer } from '../committer.ts'
import { applyHead } from '../head/apply-head.ts'
import { isStatus, refuseInvalidMessage, statusOf } from '../head/status-line.ts'
import { isHttp2 } from '../is-http2.ts'
import { loosenShape } from '../loosen-shape.ts'
import type { Next } from '../types.ts'
import { writeError } from '../write-error.ts'
import { discardingMethods } from './discarding-methods.ts'
import { KeptCalls } from './kept-calls.ts'
import { headersSentError, refuseInvalidChunk } from './node-errors.ts'
import { pretendSent, stopPretending } from './pretend-sent.ts'
import { callBehind, type ResponseCall } from './response-call.ts'
import {
  installMethods,
  methodsOf,
  nodeMethods,
  type Method,
  type Methods,
} from './response-methods.ts'

/**
 * Holds a response back at its first byte until its session is committed. If the commit is synchronous, nothing waits.
 *
 * Calls made in the meantime are kept, and replayed after the commit. Return values, callbacks and errors are Node's, except
 * that `write()` returns false while the response waits, and `drain` follows.
 */
export function commitBeforeFirstByte(committer: Committer): void {
  void new ResponseGate(committer)
}

/**
 * The gate itself is the set of methods that its response has until the commit, and the carrier itself is the `Committer`.
 * Neither is an object literal of closures: if the start is busy, V8 may pretenure what a literal allocates, which then
 * keeps whole requests alive. With literals, untouched requests of Koa over Redis cost 13 µs more in 6 of 12 processes that
 * were warmed up at once; without, in 1.
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
  /** The methods that the gate passes calls on to: those it replaced, which are Node's or an inner wrapper's. */
  #inner: Methods
  /**
   * - `unsent`: nothing has been sent yet
   * - `committing`: the first byte is held back until the session is committed
   * - `open`: calls pass through
   */
  #phase: 'unsent' | 'committing' | 'open' = 'unsent'
  /** Whether `writeHead` was called. It is replayed with the first byte. */
  #headHeld = false
  /** The status line as of `writeHead` or the first byte. Later assignments to the response do not change it. */
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
    if (this.#phase === 'open' || (this.#phase === 'unsent' && !isStatus(args[0]))) {
      return this.#inner.writeHead.apply(res, args)
    }
    if (this.#headHeld || this.#phase === 'committing') throw headersSentError(isHttp2(res))
    applyHead(res, args)
    this.#captureStatus()
    this.#headHeld = true
    pretendSent(res)
    // `writeHead` sends the headers in HTTP/2, but not in HTTP/1. A microtask, because an `end()` in the same turn makes
    // this a whole response.
    if (isHttp2(res)) queueMicrotask(() => this.#flushHeldHead())
    return res
  }

  #flushHeldHead(): void {
    if (this.#phase !== 'unsent') return
    try {
      this.#flushHeaders()
    } catch (error) {
      // HTTP/2 refuses some headers only now, and `writeHead` has returned.
      this.#destroy(error)
    }
  }

  #write(args: unknown[]): unknown {
    if (this.#phase !== 'open') refuseInvalidChunk(this.#res, args[0])
    if (this.#admit({ method: 'write', args })) return this.#inner.write.apply(this.#res, args)
    pretendSent(this.#res, { writableNeedDrain: true })
    return false
  }

  #end(args: unknown[]): unknown {
    if (this.#phase !== 'open' && args[0] && typeof args[0] !== 'function')
      refuseInvalidChunk(this.#res, args[0])
    if (this.#admit({ method: 'end', args })) return this.#inner.end.apply(this.#res, args)
    pretendSent(this.#res, { writableEnded: true })
    this.#kept.holdConnection(this.#res)
    return this.#res
  }

  #flushHeaders(): unknown {
    const res = this.#res
    // An outer wrapper, such as compression, changes the headers in `writeHead`, before they count as sent.
    if (this.#phase === 'unsent' && !this.#headHeld && res.writeHead !== this.writeHead)
      res.writeHead(res.statusCode)
    if (this.#admit({ method: 'flushHeaders', args: [] })) return this.#inner.flushHeaders.call(res)
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
   * Node's own HTTP/1 methods send through this. They get here if they were taken off the response before the gate was
   * installed. Wrappers inside the gate have then either seen the call or been bypassed: Node's own methods replay it.
   */
  #send(args: unknown[]): unknown {
    if (this.#phase === 'open') return this.#inner._send.apply(this.#res, args)
    this.#inner = nodeMethods()
    const call = callBehind(args)
    return this[call.method](...call.args)
  }

  /** Starts the commit at the first call. Returns whether the call may be made now; if not, it is kept. */
  #admit(call: ResponseCall): boolean {
    if (this.#phase === 'unsent') this.#commit()
    if (this.#phase === 'open') return true
    this.#kept.keep(call)
    return false
  }

  #commit(): void {
    const res = this.#res
    if (!this.#headHeld) {
      this.#refuseInvalidStatus()
      this.#captureStatus()
    }
    const committing = this.#headersBypassed()
      ? this.#committer.commitLate(this.#status)
      : this.#committer.commitAtFirstByte(this.#status)
    if (!isPromise(committing)) {
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

  /**
   * Throws Node's own error if the status line cannot be sent, and at once: when it is rendered, its handler may have
   * returned. Nothing is committed, and the handler can still send another response.
   */
  #refuseInvalidStatus(): void {
    const res = this.#res
    if (isHttp2(res) || res.headersSent || res.destroyed) return
    if (!isStatus(res.statusCode)) this.#inner.writeHead.call(res, res.statusCode)
    refuseInvalidMessage(res)
  }

  #captureStatus(): void {
    this.#status = statusOf(this.#res)
    if (!isHttp2(this.#res)) this.#message = this.#res.statusMessage
  }

  /** Whether the headers bypassed the gate: through Node's own `writeHead`, or an HTTP/2 stream. */
  #headersBypassed(): boolean {
    return !this.#headHeld && this.#res.headersSent
  }

  /** Lets the first byte leave. */
  #open(committed: Committed | undefined): void {
    const res = this.#res
    const pretended = this.#phase === 'committing' || this.#headHeld
    if (pretended) stopPretending(res)
    if (committed !== undefined) this.#committer.place.add(committed, this.#inner, this)
    this.#uninstall()
    if (pretended && !res.headersSent) {
      res.statusCode = this.#status
      if (!isHttp2(res)) res.statusMessage = this.#message
    }
    if (this.#headHeld) this.#inner.writeHead.call(res, res.statusCode)
  }

  /** Gives the response its former methods back. */
  #uninstall(): void {
    this.#phase = 'open'
    installMethods(this.#res, this, this.#inner)
  }

  /** Sends what was kept. Without a commit, the client has gone, and the calls get Node's own errors. */
  #release(committed?: Committed): void {
    const res = this.#res
    const kept = this.#kept
    try {
      this.#open(committed)
      if (kept.replay(res, this.#inner)) kept.drain(res)
    } catch (error) {
      // The application cannot catch this: the call that it belongs to has returned.
      this.#destroy(error)
    }
    this.#kept.releaseConnection()
  }

  #fail(error: unknown): void {
    try {
      if (isGone(this.#res)) this.#release()
      else this.#answer(error)
    } catch (refusal) {
      // Of a wrapper, or of Node: nobody else can catch it.
      this.#destroy(refusal)
    }
    this.#kept.releaseConnection()
  }

  /** Answers the error of a commit: through the framework if the response is still whole, directly otherwise. */
  #answer(error: unknown): void {
    const res = this.#res
    const kept = this.#kept
    const { next } = this.#committer
    // An outer wrapper, such as compression, ignores a second response once the first one has ended.
    const whole = kept.whole && res.end === (this.end as typeof res.end)
    stopPretending(res)
    kept.tellCallbacks(error)
    if (res.headersSent) {
      this.#uninstall()
      this.#destroy(error)
      return
    }
    this.#committer.restoreResponse()
    this.#committer.place.add(this.#committer.owed(), this.#inner, this)
    if (whole && next !== undefined && this.#handOn(error, next)) return
    // When the error response ends, streams piped into it are unpiped, but not closed: a file would stay open.
    res.on('unpipe', closeUnread)
    // Node's `end` may call the response's own `write`, which is still the gate's.
    this.#phase = 'open'
    writeError(res, error, this.#inner)
    this.#inner = discardingMethods(res, this.#inner, error)
    kept.drain(res)
  }

  /** Lets the framework answer. This is the second call of `next`: frameworks that accept only one throw. */
  #handOn(error: unknown, next: Next): boolean {
    this.#uninstall()
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
    this.#kept.releaseConnection()
    this.#res.destroy(error as Error)
  }

  /** Commits when a response is closed that has sent nothing through the gate. */
  #closed(): void {
    if (this.#phase !== 'unsent') return
    const committing = this.#headersBypassed()
      ? this.#committer.commitLate(statusOf(this.#res))
      : this.#committer.commitWithoutResponse()
    // No response can be sent any more. The manager reports a failing store through `onEvent`.
    if (isPromise(committing)) committing.then(undefined, () => {})
  }
}

const NONE = new KeptCalls()
