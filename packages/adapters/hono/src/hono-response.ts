import { NO_RESPONSE, type Committed, type CommitResponse, type MaybePromise } from '@sessions/core'
import type { Context } from 'hono'
import { answerable } from './errors.ts'
import type { SessionsOptions } from './options.ts'
import { dropResponse, emit } from './response.ts'

/** The response that Hono is about to send. `https` and `host`, which only a cookie needs, are looked up when they are read. */
export class HonoResponse implements CommitResponse {
  readonly #c: Context
  readonly #https: SessionsOptions['https']

  constructor(c: Context, https: SessionsOptions['https']) {
    this.#c = c
    this.#https = https
  }

  get status(): number {
    return this.#c.finalized ? this.#c.res.status : NO_RESPONSE.status
  }

  get https(): boolean {
    return this.#https?.(this.#c) ?? this.#c.req.url.startsWith('https:')
  }

  /** `localhost:3000` of `http://localhost:3000/path`. The runtime builds the URL from the Host header. */
  get host(): string {
    const { url } = this.#c.req
    const start = url.indexOf('//') + 2
    const end = url.indexOf('/', start)
    return url.slice(start, end === -1 ? url.length : end)
  }

  /** Whether the client has hung up; a promise where the runtime cannot tell at once. */
  isClientGone(): MaybePromise<boolean> {
    return isGoneOnNode(this.#c) ?? isAborted(this.#c.req.raw.signal)
  }

  /** Adds the headers of a commit to the response. */
  emit(committed: Committed): void {
    if (this.#c.finalized) emit(this.#c, committed)
  }

  /**
   * Drops the response and throws the error of a commit. If the response already answers an error of the application, that
   * one is not masked.
   *
   * @param owed What the error response must carry nevertheless.
   */
  fail(error: unknown, owed: Committed): void {
    if (this.#c.error !== undefined && this.status >= 500) return emit(this.#c, owed)
    dropResponse(this.#c)
    emit(this.#c, owed)
    throw answerable(error)
  }
}

/**
 * Whether the client has hung up, if `@hono/node-server` has put Node's own request and response into the bindings. The
 * request's signal would tell as well, but it is created on demand, which costs more than the session.
 */
function isGoneOnNode(c: Context): boolean | undefined {
  const { incoming, outgoing } = (c.env ?? {}) as NodeBindings
  if (typeof outgoing?.destroyed !== 'boolean') return undefined
  // A pipelined response that waits for its turn is not told that its connection has closed.
  return outgoing.destroyed || incoming?.socket?.destroyed === true
}

async function isAborted(signal: AbortSignal): Promise<boolean> {
  // Deno checks on the client when the signal is first read, and knows a microtask later whether it has hung up.
  if (!signal.aborted) await Promise.resolve()
  return signal.aborted
}

interface NodeBindings {
  readonly incoming?: { readonly socket?: { readonly destroyed?: boolean } | null }
  readonly outgoing?: { readonly destroyed?: boolean }
}
