import type { MaybePromise } from '../actions.ts'
import type { Payload } from '../payload.ts'
import type { Keeper } from './keepers.ts'

const NAME = 'sid='
const TAIL = '; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600'

/**
 * About the least that a correct session needs, written by hand. It finds its one cookie without decoding the others, reads
 * the store once, on first use, and writes once, if the text has changed. It has no rotation, expiry policy, hooks or
 * concurrency control.
 */
export class Minimum {
  readonly #keeper: Keeper
  readonly #header: string | undefined
  #cookie: string | undefined
  #text = '{}'
  data: Partial<Payload> = {}

  /** @param header The Cookie header of the request. */
  constructor(keeper: Keeper, header: string | undefined) {
    this.#keeper = keeper
    this.#header = header
  }

  load(): MaybePromise<Partial<Payload>> {
    const cookie = scan(this.#header)
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

  /** Stores the data if it has changed, and then returns the Set-Cookie header to send; otherwise undefined. */
  commit(): MaybePromise<string | undefined> {
    const text = JSON.stringify(this.data)
    if (text === this.#text) return undefined
    const kept = this.#keeper.keep(this.#cookie, text)
    return kept instanceof Promise ? kept.then(headerOf) : headerOf(kept)
  }
}

function scan(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const start = header.startsWith(NAME) ? 0 : header.indexOf(`; ${NAME}`) + 2
  if (start === 1) return undefined
  const end = header.indexOf(';', start)
  return header.slice(start + NAME.length, end < 0 ? undefined : end)
}

const headerOf = (cookie: string): string => NAME + cookie + TAIL
