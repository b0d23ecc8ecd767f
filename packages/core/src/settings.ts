import type { Codec } from './codec.ts'
import type { DefaultData } from './data.ts'
import type { AttributeValue, CookieEngine, SessionEngine } from './engine.ts'
import type { SessionEvent } from './events.ts'
import type { Serializer } from './serializer.ts'

/** Where the time comes from. */
export interface Clock {
  /** The time in epoch milliseconds. */
  now(): number
}

/** What the session's cookie looks like. */
export interface CookieSettings {
  /**
   * Its name. `__Host-` and `__Secure-` in front ask browsers for more safety, and are checked against the other
   * attributes.
   *
   * @default 'sessionid'
   */
  readonly name?: string | undefined
  /**
   * Seconds that a session lasts after it was last saved, in the browser and in the store. At most 400 days count.
   *
   * @default 1209600 (two weeks)
   */
  readonly age?: number | undefined
  /**
   * The domain whose hosts get the cookie. Without one it is the host's alone, which is safer.
   *
   * @default undefined
   */
  readonly domain?: string | undefined
  /**
   * The path below which the cookie is sent.
   *
   * @default '/'
   */
  readonly path?: string | undefined
  /**
   * Whether requests from other sites carry the cookie: `lax` on top-level navigation, `strict` never, `none` always.
   *
   * @default 'lax'
   */
  readonly sameSite?: 'lax' | 'strict' | 'none' | undefined
  /**
   * Whether scripts of the page cannot read the cookie.
   *
   * @default true
   */
  readonly httpOnly?: boolean | undefined
  /**
   * Whether the cookie travels over https alone. `'auto'`: always, except where the request came over plain http to
   * localhost or a loopback address.
   *
   * @default 'auto'
   */
  readonly secure?: boolean | 'auto' | undefined
  /**
   * Whether a page embedded by different sites has a cookie for each of them (CHIPS).
   *
   * @default false
   */
  readonly partitioned?: boolean | undefined
}

/** What a manager is made from. Only `engine` is required. */
export interface Settings<D extends object = DefaultData> {
  /** Where sessions are kept. */
  readonly engine: SessionEngine | CookieEngine
  /** What the cookie looks like. */
  readonly cookie?: CookieSettings | undefined
  /**
   * Whether the cookie lasts only as long as the browser runs, unless `setExpiry` says otherwise.
   *
   * @default false
   */
  readonly expireAtBrowserClose?: boolean | undefined
  /**
   * Whether each response moves the deadline of a session that is there, and sends its cookie again. Costs a read and a
   * write per request; `renewAfter` costs less.
   *
   * @default false
   */
  readonly saveEveryRequest?: boolean | undefined
  /**
   * The fraction (0 to 1) of a session's lifetime after which a request that reads it moves its deadline, by one touch.
   * Without it, only changes do.
   *
   * @default undefined
   */
  readonly renewAfter?: number | undefined
  /**
   * Seconds after its creation when a session ends, whatever happens in it.
   *
   * @default undefined
   */
  readonly absoluteAge?: number | undefined
  /**
   * Seconds for which requests that were already running when a key was rotated can still store their changes. 0: none.
   *
   * @default 30
   */
  readonly rotationGrace?: number | undefined
  /**
   * Turns data into text and back.
   *
   * @default jsonSerializer
   */
  readonly serializer?: Serializer | undefined
  /**
   * What that text goes through on its way to the store and back, `signedCodec` for example.
   *
   * @default undefined
   */
  readonly codec?: Codec | undefined
  /**
   * What the engine files beside the payload, computed at each create and save, so that sessions can be found by it:
   * `{ userId: (data) => data.userId }`.
   *
   * @default undefined
   */
  readonly attributes?: AttributeFunctions<D> | undefined
  /**
   * Whether the store gets the SHA-256 of a session key instead of the key, so that a leaked store opens no session.
   *
   * @default true
   */
  readonly hashKeys?: boolean | undefined
  /**
   * What happens to the changes of a request where another one saved the session first. `'merge'`: they are replayed, key
   * by key, on what the other wrote. `'overwrite'`: they replace it. `'reject'`: the request fails with
   * `SessionConflictError`.
   *
   * @default 'merge'
   */
  readonly onConflict?: 'merge' | 'overwrite' | 'reject' | undefined
  /** Is told what is worth a line in a log. What it returns or throws changes nothing. */
  readonly onEvent?: ((event: SessionEvent) => unknown) | undefined
  /** Where the time comes from; for tests. */
  readonly clock?: Clock | undefined
  /** So many random bytes; for tests. */
  readonly random?: ((size: number) => Uint8Array) | undefined
  /** Resolves after so many milliseconds; for tests. */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined
}

/** A function for each attribute, from the session's data to the value that is filed. */
export type AttributeFunctions<D extends object = DefaultData> = Readonly<
  Record<string, (data: Partial<D>) => AttributeValue | undefined>
>

/** The attributes that a Set-Cookie header is written from. */
export interface CookieAttributes {
  readonly name: string
  readonly domain: string | undefined
  readonly path: string
  readonly sameSite: 'lax' | 'strict' | 'none'
  readonly httpOnly: boolean
  readonly secure: boolean | 'auto'
  readonly partitioned: boolean
}

/** The settings with every default in place. */
export interface ResolvedSettings {
  readonly engine: SessionEngine | CookieEngine
  readonly cookie: CookieAttributes & { readonly age: number }
  readonly expireAtBrowserClose: boolean
  readonly saveEveryRequest: boolean
  readonly renewAfter: number | undefined
  readonly absoluteAge: number | undefined
  readonly rotationGrace: number
  readonly serializer: Serializer
  readonly codec: Codec | undefined
  readonly attributes: AttributeFunctions | undefined
  readonly hashKeys: boolean
  readonly onConflict: 'merge' | 'overwrite' | 'reject'
  readonly onEvent: ((event: SessionEvent) => unknown) | undefined
  readonly clock: Clock
  readonly random: (size: number) => Uint8Array
  readonly sleep: (milliseconds: number) => Promise<void>
}
