import type { Committed, CommitResponse } from '@sessions/core'
import type { Context } from 'hono'
import { answerable } from './errors.ts'
import type { SessionsOptions } from './options.ts'
import { dropResponse, emit } from './response.ts'

/** The response that Hono is about to send, as a commit asks for it. What only a cookie needs is not looked up before. */
export class HonoResponse implements CommitResponse {
  readonly #c: Context
  readonly #https: SessionsOptions['https']
  #gone = false

  constructor(c: Context, https: SessionsOptions['https']) {
    this.#c = c
    this.#https = https
  }

  /** Where nobody gets the response, nothing is stored but a logout. */
  get status(): number {
    return this.#gone || !this.#c.finalized ? 500 : this.#c.res.status
  }

  get https(): boolean {
    return this.#https?.(this.#c) ?? this.#c.req.url.startsWith('https:')
  }

  /** `localhost:3000` of `http://localhost:3000/path`. The runtime made the URL of the Host header. */
  get host(): string {
    const { url } = this.#c.req
    const start = url.indexOf('//') + 2
    const end = url.indexOf('/', start)
    return url.slice(start, end === -1 ? url.length : end)
  }

  /** Finds out whether the client is still there. Where that takes a moment, what is returned is to be waited for. */
  hear(): Promise<void> | undefined {
    if (!this.#c.finalized) return undefined
    const gone = isGoneOnNode(this.#c)
    if (gone === undefined) return this.#hearSignal()
    this.#gone = gone
    return undefined
  }

  async #hearSignal(): Promise<void> {
    const { signal } = this.#c.req.raw
    // Deno looks for the client once it is asked for the signal, and knows a moment later that it has hung up.
    if (!signal.aborted) await Promise.resolve()
    this.#gone = signal.aborted
  }

  /** Puts what comes of a commit into the response. */
  emit(committed: Committed): void {
    if (this.#c.finalized) emit(this.#c, committed)
  }

  /** Drops the response for that error, unless it answers an error of the application: that is not masked. */
  fail(error: unknown): void {
    if (this.#c.error !== undefined && this.status >= 500) return
    dropResponse(this.#c)
    throw answerable(error)
  }
}

/**
 * Whether nobody gets the response any more, where `@hono/node-server` has put Node's own into the bindings: the signal
 * would have to be made first, which costs more than the session.
 */
function isGoneOnNode(c: Context): boolean | undefined {
  const { incoming, outgoing } = (c.env ?? {}) as NodeBindings
  if (typeof outgoing?.destroyed !== 'boolean') return undefined
  // A response that waits for its turn on the connection is not told that the connection has ended.
  return outgoing.destroyed || incoming?.socket?.destroyed === true
}

interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly destroyed?: boolean } | null }
  readonly outgoing?: { readonly destroyed?: boolean }
}
