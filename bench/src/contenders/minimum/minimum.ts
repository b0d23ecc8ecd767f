import type { Request } from 'express'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actions, MaybePromise } from '../actions.ts'
import { serveExpress } from '../frameworks/express.ts'
import { serveHttp } from '../frameworks/http.ts'
import { FIRST_VIEWS, freshPayload, type Payload } from '../payload.ts'
import type { Keeper } from './keepers.ts'

const NAME = 'sid='
const TAIL = '; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600'

/**
 * About the least that a correct session needs, written by hand: one cookie is looked for and not decoded, the store is
 * asked once, at the first use, and told once, where the text has changed. No rotation, no expiry policy, no hooks, and no
 * control of concurrency.
 */
class Minimum {
  readonly #keeper: Keeper
  #cookie: string | undefined
  #text = '{}'
  data: Partial<Payload> = {}

  constructor(keeper: Keeper) {
    this.#keeper = keeper
  }

  load(req: IncomingMessage): MaybePromise<Partial<Payload>> {
    const cookie = scan(req.headers.cookie)
    if (cookie === undefined) return this.data
    const opened = this.#keeper.open(cookie)
    return opened instanceof Promise
      ? opened.then((text) => this.#accept(cookie, text))
      : this.#accept(cookie, opened)
  }

  #accept(cookie: string, text: string | undefined): Partial<Payload> {
    if (text === undefined) return this.data
    this.#cookie = cookie
    this.#text = text
    this.data = JSON.parse(text) as Payload
    return this.data
  }

  commit(res: ServerResponse): MaybePromise<void> {
    const text = JSON.stringify(this.data)
    if (text === this.#text) return undefined
    const kept = this.#keeper.keep(this.#cookie, text)
    if (kept instanceof Promise) return kept.then((cookie) => setCookie(res, cookie))
    return setCookie(res, kept)
  }
}

function scan(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const start = header.startsWith(NAME) ? 0 : header.indexOf(`; ${NAME}`) + 2
  if (start === 1) return undefined
  const end = header.indexOf(';', start)
  return header.slice(start + NAME.length, end < 0 ? undefined : end)
}

const setCookie = (res: ServerResponse, cookie: string): void => {
  res.setHeader('Set-Cookie', NAME + cookie + TAIL)
}

const viewsOf = (data: Partial<Payload>): number => data.views ?? FIRST_VIEWS

function count(data: Partial<Payload>): number {
  data.views = viewsOf(data) + 1
  return data.views
}

const fill = (data: Partial<Payload>): number => Object.assign(data, freshPayload()).views

/** Loads, uses and commits, all at once where the keeper answers at once. */
function run(
  session: Minimum,
  res: ServerResponse,
  use: (data: Partial<Payload>) => number,
): MaybePromise<number> {
  const finish = (data: Partial<Payload>): MaybePromise<number> => {
    const views = use(data)
    const committed = session.commit(res)
    return committed instanceof Promise ? committed.then(() => views) : views
  }
  const loaded = session.load(res.req)
  return loaded instanceof Promise ? loaded.then(finish) : finish(loaded)
}

const actionsOf = <Context>(
  sessionOf: (context: Context) => Minimum,
  responseOf: (context: Context) => ServerResponse,
): Actions<Context> => {
  const act = (use: (data: Partial<Payload>) => number) => (context: Context) =>
    run(sessionOf(context), responseOf(context), use)
  return { seed: act(fill), read: act(viewsOf), change: act(count) }
}

/** The minimum on `node:http`. */
export const minimumOnHttp = (keeper: Keeper): Promise<number> =>
  serveHttp(
    actionsOf<ServerResponse>(
      () => new Minimum(keeper),
      (res) => res,
    ),
  )

/** The minimum on Express, as a middleware. */
export const minimumOnExpress = (keeper: Keeper): Promise<number> =>
  serveExpress(
    actionsOf<Request>(
      (req) => (req as unknown as { minimum: Minimum }).minimum,
      (req) => req.res as ServerResponse,
    ),
    (app) => {
      app.use((req, _res, next) => {
        ;(req as unknown as { minimum: Minimum }).minimum = new Minimum(keeper)
        next()
      })
    },
  )
