import { applyCommitted, type Committed } from '@sessions/core'
import { ServerResponse } from 'node:http'
import { isGone } from '../client-gone.ts'
import type { Method, Methods } from '../gate/response-methods.ts'
import type { NodeResponse } from '../types.ts'
import { applyHead } from './apply-head.ts'
import { headersOf } from './response-headers.ts'

/** The members of a response that are used here. Node's types lack some of them. */
interface Wrappable {
  writeHead: Method
  readonly write: Method
  readonly end: Method
  /** Renders the head in HTTP/1, below all wrappers. HTTP/2 has no such method. */
  _storeHeader?: Method
}

/**
 * A mount's position among the wrappers of its response: outside those installed before the mount, inside those installed
 * after it. The cookie is added at this position. Otherwise, a cache that wraps the response after the mount would see the
 * cookie among the headers that it stores, and hand one client's cookie to others.
 */
export class MountPlace {
  readonly res: NodeResponse
  readonly #writeHead: Method
  readonly #write: Method
  readonly #end: Method
  /** Headers still to be added, when the head is written or rendered. */
  #due: Committed | undefined

  constructor(res: NodeResponse) {
    const { writeHead, write, end } = res as unknown as Wrappable
    this.res = res
    this.#writeHead = isNodeWriteHead(writeHead) ? writeHead : this.#wrapWriteHead(writeHead)
    this.#write = write
    this.#end = end
  }

  /**
   * Adds a commit's headers to the response, unless its head has been sent or its client has gone.
   *
   * @param inner The response's methods when the session was first accessed. They are going to write the head.
   * @param outer The methods that replaced them then.
   */
  add(committed: Committed, inner: Methods, outer: Methods): void {
    if (this.res.headersSent || isGone(this.res)) return
    if (committed.setCookie.length === 0 || this.#isOutermost(inner, outer)) {
      applyCommitted(committed, headersOf(this.res))
      return
    }
    // A cache outside must see `Vary`. Setting it also makes Node render the headers from the response itself, so that
    // those which are added in `_storeHeader` are rendered as well.
    applyCommitted(
      { setCookie: [], vary: committed.vary, cacheControl: undefined },
      headersOf(this.res),
    )
    this.#due = committed
    this.#addWhereRendered()
  }

  /**
   * Whether nothing has wrapped the response since the mount, neither before the session was first accessed nor after: if
   * the handler does not call `writeHead`, Node calls the outermost one.
   */
  #isOutermost(inner: Methods, outer: Methods): boolean {
    const { writeHead, write, end } = this.res as unknown as Wrappable
    return (
      inner.writeHead === this.#writeHead &&
      inner.write === this.#write &&
      inner.end === this.#end &&
      outer.writeHead === writeHead &&
      outer.write === write &&
      outer.end === end
    )
  }

  /** Lets wrappers that were installed before the mount see the cookie in their `writeHead`. */
  #wrapWriteHead(writeHead: Method): Method {
    // engine.io passes responses without this method.
    if (typeof writeHead !== 'function') return writeHead
    const res = this.res as unknown as Wrappable
    const wrapped: Method = (...args) => {
      if (this.#due === undefined) return writeHead.apply(res, args)
      applyHead(this.res, args)
      this.#addDue()
      return writeHead.call(res, args[0])
    }
    res.writeHead = wrapped
    return wrapped
  }

  #addWhereRendered(): void {
    const res = this.res as unknown as Wrappable
    const { _storeHeader } = res
    if (_storeHeader === undefined) return
    res._storeHeader = (...args) => {
      res._storeHeader = _storeHeader
      this.#addDue()
      return _storeHeader.apply(res, args)
    }
  }

  #addDue(): void {
    if (this.#due !== undefined) applyCommitted(this.#due, headersOf(this.res))
    this.#due = undefined
  }
}

/** Runtimes that have a `_storeHeader` for compatibility with Node, but may never call it. */
const IMITATES_NODE = 'bun' in process.versions || 'deno' in process.versions

/** Whether this is Node's own `writeHead` for HTTP/1, which calls `_storeHeader`. */
function isNodeWriteHead(writeHead: unknown): boolean {
  return writeHead === ServerResponse.prototype.writeHead && !IMITATES_NODE
}
