import type { DefaultData } from '../data.ts'
import type { AttributeValue, CookieEngine, SessionEngine } from '../engine/engine.ts'
import type { SessionEvent } from '../events.ts'
import type { Codec } from '../payload/codec.ts'
import type { Serializer } from '../payload/serializer.ts'

/** A source of the current time. */
export interface Clock {
  /** Returns the current time in epoch milliseconds. */
  now(): number
}

/** The attributes of the session cookie. */
export interface CookieSettings {
  /**
   * The cookie's name. With the prefix `__Host-`, `__Secure-`, `__Http-` or `__Host-Http-`, browsers enforce additional rules,
   * and the other settings are checked against them.
   *
   * @default 'sessionid'
   */
  readonly name?: string | undefined
  /**
   * How long a session lasts after it was last saved, in seconds, both in the browser and in the store. More than
   * 400 days count as 400 days.
   *
   * @default 1209600 (two weeks)
   */
  readonly age?: number | undefined
  /**
   * The domain to whose hosts browsers send the cookie. Without it, they send it only to the host that set it, which is
   * safer.
   *
   * @default undefined
   */
  readonly domain?: string | undefined
  /**
   * The path below which browsers send the cookie.
   *
   * @default '/'
   */
  readonly path?: string | undefined
  /**
   * Whether browsers send the cookie with requests from other sites: `'lax'` with top-level navigation only, `'strict'`
   * never, `'none'` always.
   *
   * @default 'lax'
   */
  readonly sameSite?: 'lax' | 'strict' | 'none' | undefined
  /**
   * Whether the cookie is hidden from the page's scripts.
   *
   * @default true
   */
  readonly httpOnly?: boolean | undefined
  /**
   * Whether browsers send the cookie over https only. `'auto'`: yes, unless the request came over plain http to localhost
   * or a loopback address.
   *
   * @default 'auto'
   */
  readonly secure?: boolean | 'auto' | undefined
  /**
   * Whether a page that several sites embed has a separate cookie for each of them (CHIPS).
   *
   * @default false
   */
  readonly partitioned?: boolean | undefined
}

/** The settings of `createSessions` and of every adapter. Only `engine` is required. */
export interface Settings<D extends object = DefaultData> {
  /** The engine that stores the sessions, such as `memoryEngine()`. */
  readonly engine: SessionEngine | CookieEngine
  /** The name, lifetime and attributes of the session cookie. */
  readonly cookie?: CookieSettings | undefined
  /**
   * Whether the cookie lasts only until the browser closes, unless `setExpiry` says otherwise.
   *
   * @default false
   */
  readonly expireAtBrowserClose?: boolean | undefined
  /**
   * Whether each response extends the lifetime of an existing session and sends its cookie again. This costs a read and a
   * write per request; `renewAfter` costs less.
   *
   * @default false
   */
  readonly saveEveryRequest?: boolean | undefined
  /**
   * The fraction (at least 0, below 1) of a session's lifetime after which a request that only reads the session extends its
   * lifetime. Without it, only changes do.
   *
   * @default undefined
   */
  readonly renewAfter?: number | undefined
  /**
   * The number of seconds after its creation at which a session ends, however much it is used.
   *
   * @default undefined
   */
  readonly absoluteAge?: number | undefined
  /**
   * The number of seconds after `cycleKey()` during which requests that were already in flight under the old key can still
   * store their changes. With 0, they cannot.
   *
   * @default 30
   */
  readonly rotationGrace?: number | undefined
  /**
   * Converts the session's data to text and back.
   *
   * @default jsonSerializer
   */
  readonly serializer?: Serializer | undefined
  /**
   * Transforms the serialised text on its way to the store and back; for example `signedCodec(…)`. Not applied to cookies in
   * Django's format, which has its own encoding.
   *
   * @default undefined
   */
  readonly codec?: Codec | undefined
  /**
   * Values that the engine stores beside the payload so that sessions can be found by them, for example
   * `{ userId: (data) => data._auth_user_id }`. They are computed whenever the session is stored.
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
   * What happens to a request's changes if another request saved the session first. `'merge'`: they are applied, key by
   * key, to what the other request saved. `'overwrite'`: they replace it. `'reject'`: the request fails with
   * `SessionConflictError`.
   *
   * @default 'merge'
   */
  readonly onConflict?: 'merge' | 'overwrite' | 'reject' | undefined
  /**
   * Called with events that are worth logging. Its result is ignored, and so is an error that it throws.
   *
   * @default undefined
   */
  readonly onEvent?: ((event: SessionEvent) => unknown) | undefined
  /**
   * The source of the current time; for tests.
   *
   * @default the machine's clock
   */
  readonly clock?: Clock | undefined
  /**
   * Returns the given number of random bytes; for tests.
   *
   * @default the platform's cryptographic source
   */
  readonly random?: ((size: number) => Uint8Array) | undefined
  /**
   * Resolves after the given number of milliseconds; for tests.
   *
   * @default a timer
   */
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined
}

/** For each attribute, a function that computes its value from the session's data. Undefined is stored as null. */
export type AttributeFunctions<D extends object = DefaultData> = Readonly<
  Record<string, (data: Partial<D>) => AttributeValue | undefined>
>

/** What a Set-Cookie header is built from. */
export interface CookieAttributes {
  readonly name: string
  readonly domain: string | undefined
  readonly path: string
  readonly sameSite: 'lax' | 'strict' | 'none'
  readonly httpOnly: boolean
  readonly secure: boolean | 'auto'
  readonly partitioned: boolean
}

/** The validated settings, with every default filled in. */
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
