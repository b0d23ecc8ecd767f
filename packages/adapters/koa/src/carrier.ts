import type { Committed, MaybePromise, Session, Sessions, UnloadedSession } from '@sessions/core'
import { sessions } from '@sessions/node'
import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import { emit, isGone } from './response.ts'

/** A manager, and what has been done about its sessions. */
export class Carriers<D extends object> {
  readonly manager: Sessions<D>
  /** What is left to be put into the responses of sessions that the middleware has committed, or commits just now. */
  readonly settled: WeakMap<object, MaybePromise<Committed>> = new WeakMap()
  /** What became of sessions whose responses left before the middleware had its turn. */
  readonly overtaken: WeakMap<object, MaybePromise<Committed>> = new WeakMap()
  /** Has the first byte of a response wait for its session, for handlers that write to `ctx.res` themselves. */
  readonly mount: ReturnType<typeof sessions<D>>

  constructor(manager: Sessions<D>) {
    this.manager = manager
    const forNode: Pick<Sessions<D>, 'commit' | 'commitsUntouched' | 'openFromCookies'> = {
      commitsUntouched: manager.commitsUntouched,
      openFromCookies: (header) => manager.openFromCookies(header),
      commit: (session, response) => {
        const settled = this.settled.get(session)
        if (settled !== undefined) return settled
        const committing = manager.commit(session, response)
        this.overtaken.set(session, committing)
        return committing
      },
    }
    this.mount = sessions(forNode as Sessions<D>, { https: isSecure })
  }
}

/** Carries one session through one request: in from its Cookie header, out with its response. */
export class Carrier<D extends object> {
  readonly manager: Sessions<D>
  readonly #ctx: Context
  readonly #carriers: Carriers<D>
  #session: UnloadedSession<D> | undefined = undefined

  constructor(ctx: Context, carriers: Carriers<D>) {
    this.manager = carriers.manager
    this.#ctx = ctx
    this.#carriers = carriers
    const req: Request = ctx.req
    req[CONTEXT] = ctx
    carriers.mount(req, ctx.res)
  }

  /** The session. Opened where this is the first look. */
  get session(): UnloadedSession<D> {
    const { session } = this.#ctx.req as IncomingMessage & { readonly session: UnloadedSession<D> }
    return (this.#session ??= session)
  }

  /** Loads the session. */
  async load(): Promise<Session<D>> {
    const session = await this.#carriers.mount.load(this.#ctx.req)
    this.#session = session
    return session
  }

  /** Commits the session with the response that Koa is about to send. */
  commit(): MaybePromise<void> {
    const committed = this.#commit(this.#ctx.status)
    if (committed === undefined) return
    if ('then' in committed) return committed.then((late) => emit(this.#ctx, late))
    emit(this.#ctx, committed)
  }

  /** Commits the session with the answer that Koa, or a middleware further out, is going to make of an error. */
  async commitError(status: number): Promise<void> {
    try {
      const committed = await this.#commit(status)
      if (committed === undefined) return
      emit(this.#ctx, committed)
      // Koa takes all headers away when it answers an error: those of ours come back with the first byte. They do not go
      // to `err.headers`, which Koa would put back: errors are logged, and some are shared by all requests.
      if (this.#session !== undefined) this.#carriers.settled.set(this.#session, committed)
    } catch {
      // The application's own error is on its way; the manager has reported this one.
    }
  }

  #commit(status: number): MaybePromise<Committed> | undefined {
    if (this.manager.commitsUntouched) this.#session ??= this.session
    const session = this.#session
    if (session === undefined) return undefined
    const { settled, overtaken } = this.#carriers
    settled.set(session, NOTHING_MORE)
    const response = {
      status: isGone(this.#ctx) ? 500 : status,
      https: this.#ctx.secure,
      host: this.#ctx.host,
    }
    const before = overtaken.get(session)
    const committing =
      before === undefined
        ? this.manager.commit(session, response)
        : // Where that failed, it has been answered, and is reported now; where not, what was changed since is stored.
          Promise.resolve(before).then(() => this.manager.commit(session, response))
    if (!('then' in committing)) return committing
    // A first byte that a handler sends meanwhile waits for the same commit.
    settled.set(session, committing)
    const done = (): void => void settled.set(session, NOTHING_MORE)
    committing.then(done, done)
    return committing
  }
}

const NOTHING_MORE: Committed = { setCookie: [], vary: undefined, cacheControl: undefined }

const CONTEXT: unique symbol = Symbol('@sessions/koa')

type Request = IncomingMessage & { [CONTEXT]?: Context }

/** Koa goes by its `app.proxy`. */
function isSecure(req: Request): boolean {
  return req[CONTEXT]?.secure === true
}
