import { applyCommitted, type Committed } from '@sessions/core'
import { ServerResponse, type OutgoingHttpHeaders } from 'node:http'
import { isGone } from './client-gone.ts'
import { applyHead, currentHeaders, headersOf, restoreResponse } from './response-headers.ts'
import type { Method, Methods } from './response-methods.ts'
import type { NodeResponse } from './types.ts'

/** What is used of a response here, by names that Node's types do not all have. */
interface Wrappable {
  writeHead: Method
  readonly write: Method
  readonly end: Method
  /** Where the head is rendered in HTTP/1, inside of whatever has been wrapped. In HTTP/2 there is none. */
  _storeHeader?: Method
}

/**
 * Where a mount stands among those who wrap its response: outside of what came before, inside of what comes later. There the
 * cookie is added. A cache that was wrapped around the response later, and keeps the headers that it sees, would otherwise
 * hand the cookie of one client to the others.
 */
export class MountPlace {
  readonly res: NodeResponse
  readonly #headers: OutgoingHttpHeaders
  readonly #writeHead: Method
  readonly #write: Method
  readonly #end: Method
  /** What the head is still to be given. */
  #due: Committed | undefined

  constructor(res: NodeResponse) {
    const { writeHead, write, end } = res as unknown as Wrappable
    this.res = res
    this.#headers = currentHeaders(res)
    this.#writeHead = isUnwrapped(writeHead) ? writeHead : this.#wrap(writeHead)
    this.#write = write
    this.#end = end
  }

  /** Takes back what was done to the response since the mount. */
  restore(): void {
    restoreResponse(this.res, this.#headers)
  }

  /**
   * Gives the head what a commit asks for, unless it has left.
   *
   * @param inner The methods of the response at the first look, by which the head is going to be written.
   * @param outer Those that took their place then.
   */
  add(committed: Committed, inner: Methods, outer: Methods): void {
    if (this.res.headersSent || isGone(this.res)) return
    if (committed.setCookie.length === 0 || this.#isLast(inner, outer)) {
      applyCommitted(committed, headersOf(this.res))
      return
    }
    // What a cache has to know. With a header set, Node renders those that are set, and no others.
    applyCommitted(
      { setCookie: [], vary: committed.vary, cacheControl: undefined },
      headersOf(this.res),
    )
    this.#due = committed
    this.#addWhereRendered()
  }

  /**
   * Whether nothing was wrapped since the mount, neither before the first look nor after it: Node calls the outermost
   * `writeHead` if the head is implied.
   */
  #isLast(inner: Methods, outer: Methods): boolean {
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

  /** Wrappers that came before, which call `writeHead`, are to see the cookie. */
  #wrap(writeHead: Method): Method {
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

/** Runtimes that have a member `_storeHeader` because Node has it, and may never call it. */
const IMITATES_NODE = 'bun' in process.versions || 'deno' in process.versions

/** Whether it is the method of Node for HTTP/1, which calls `_storeHeader`. */
function isUnwrapped(writeHead: unknown): boolean {
  return writeHead === ServerResponse.prototype.writeHead && !IMITATES_NODE
}
