import {
  type Committed,
  type CommitResponse,
  type MaybePromise,
  type Session,
  type Sessions,
  type UnloadedSession,
} from '@sessions/core'
import type { Context } from 'koa'
import { beforeHeaders, emit, isGone } from './response.ts'

/** Carries one session through one request: in from its Cookie header, out with its response. */
export class Carrier<D extends object> {
  readonly manager: Sessions<D>
  readonly #ctx: Context
  readonly #session: UnloadedSession<D>
  #watching = false
  #committing = false
  /** Set where the headers left before the handler was done: what became of the session then. */
  #overtaken: MaybePromise<Committed> | undefined = undefined
  /** What the answer to an error is to carry. */
  #owed: Committed | undefined = undefined

  constructor(ctx: Context, manager: Sessions<D>) {
    this.manager = manager
    this.#ctx = ctx
    this.#session = manager.openFromCookies(ctx.req.headers.cookie)
  }

  /** The session, in the hands of the application: from now on its headers may leave at any time. */
  get session(): UnloadedSession<D> {
    this.#watch()
    return this.#session
  }

  /** Loads the session before anybody has asked for it. */
  load(): Promise<Session<D>> {
    return this.#session.load()
  }

  /** Commits the session with the response that Koa is about to send. */
  commit(): MaybePromise<void> {
    const committed = this.#commit(isGone(this.#ctx) ? 500 : this.#ctx.status)
    if ('then' in committed) return committed.then((late) => emit(this.#ctx, late))
    emit(this.#ctx, committed)
  }

  /** Commits the session with the answer that Koa, or a middleware further out, is going to make of an error. */
  async commitError(status: number): Promise<void> {
    try {
      const committed = await this.#commit(isGone(this.#ctx) ? 500 : status)
      if (committed.vary === undefined && committed.setCookie.length === 0) return
      emit(this.#ctx, committed)
      // Koa takes all headers away when it answers an error. Those of ours do not go to `err.headers`, which it would
      // put back: errors are logged, and some are shared by all requests.
      this.#owed = committed
      this.#watch()
    } catch {
      // The application's own error is on its way; the manager has reported this one.
    }
  }

  #commit(status: number): MaybePromise<Committed> {
    this.#committing = true
    const response = new Response(this.#ctx, status)
    if (this.#overtaken === undefined) return this.manager.commit(this.#session, response)
    return this.#commitLate(this.#overtaken, response)
  }

  /** What was changed since the headers left is stored, where that needs no cookie. */
  async #commitLate(
    overtaken: MaybePromise<Committed>,
    response: CommitResponse,
  ): Promise<Committed> {
    await overtaken
    return this.manager.commit(this.#session, response)
  }

  #watch(): void {
    if (this.#watching) return
    this.#watching = true
    beforeHeaders(this.#ctx.res, () => this.#leave())
  }

  #leave(): void {
    if (this.#owed !== undefined) return emit(this.#ctx, this.#owed)
    if (this.#committing) return
    // A handler writes to `ctx.res` by itself. Headers cannot wait for a store, so they carry what a `save()` has stored
    // before; by that status nothing else is stored now but a logout.
    const committed = this.manager.commit(this.#session, new Response(this.#ctx, 500))
    this.#overtaken = committed
    if ('then' in committed) committed.catch(() => {})
    else emit(this.#ctx, committed)
  }
}

/** What a commit may ask of a response. Only read where there is something to be sent. */
class Response implements CommitResponse {
  readonly status: number
  readonly #ctx: Context

  constructor(ctx: Context, status: number) {
    this.status = status
    this.#ctx = ctx
  }

  get https(): boolean {
    return this.#ctx.secure
  }

  get host(): string {
    return this.#ctx.host
  }
}
