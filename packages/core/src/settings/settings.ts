import type { DefaultData } from '../data.ts'
import type { AttributeValue, CookieEngine, SessionEngine } from '../engine/engine.ts'
import type { SessionEvent } from '../events.ts'
import type { Codec } from '../payload/codec.ts'
import type { Serializer } from '../payload/serializer.ts'

/** Where the time comes from. */
export interface Clock {
  /** The time in epoch milliseconds. */
  now(): number
}

/** What the session's cookie looks like. */
export interface CookieSettings {
  /**
   * Its name. The prefixes `__Host-` and `__Secure-` make browsers stricter, and are checked against the other
   * attributes.
   *
   * @default 'sessionid'
   */
  readonly name?: string | undefined
  /**
   * Seconds that a session lasts after it was last saved, in the browser and in the store. More than 400 days
   * count as 400.
   *
   * @default 1209600 (two weeks)
   */
  readonly age?: number | undefined
  /**
   * The domain whose hosts get the cookie. Without it, only the host that set the cookie does, which is safer.
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
   * Whether the cookie is hidden from the page's scripts.
   *
   * @default true
   */
  readonly httpOnly?: boolean | undefined
  /**
   * Whether the cookie travels over https only. `'auto'`: yes, unless the request came over plain http to localhost
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
   * Whether each response moves the deadline of an existing session and sends its cookie again. Costs a read and a
   * write per request; `renewAfter` costs less.
   *
   * @default false
   */
  readonly saveEveryRequest?: boolean | undefined
  /**
   * The fraction (0 to below 1) of a session's lifetime after which a request that reads it moves its deadline, by one touch.
   * Without it, only changes move the deadline.
   *
   * @default undefined
   */
  readonly renewAfter?: number | undefined
  /**
   * Seconds after its creation at which a session ends, however much it is used.
   *
   * @default undefined
   */
  readonly absoluteAge?: number | undefined
  /**
   * Seconds during which requests that were already running when a key was rotated can still store their changes.
   * With 0, they cannot.
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
   * What the serialised text goes through on its way to the store and back, `signedCodec` for example. Cookies in Django's
   * format, which is a codec itself, go without.
   *
   * @default undefined
   */
  readonly codec?: Codec | undefined
  /**
   * The values that the engine files beside the payload, computed at each create and save, so that sessions can be
   * found by them: `{ userId: (data) => data.userId }`.
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
   * What happens to a request's changes when another request saved the session first. `'merge'`: they are replayed,
   * key by key, on what the other request wrote. `'overwrite'`: they replace it. `'reject'`: the request fails with
   * `SessionConflictError`.
   *
   * @default 'merge'
   */
  readonly onConflict?: 'merge' | 'overwrite' | 'reject' | undefined
  /**
   * Called with whatever is worth a line in a log. What it returns or throws has no effect.
   *
   * @default undefined
   */
  readonly onEvent?: ((event: SessionEvent) => unknown) | undefined
  /**
   * Where the time comes from; for tests.
   *
   * @default the machine's clock
   */
  readonly clock?: Clock | undefined
  /**
   * Returns that many random bytes; for tests.
   *
   * @default the platform's cryptographic source
   */
  readonly random?: ((size: number) => Uint8Array) | undefined
  /**
   * Resolves after that many milliseconds; for tests.
   *
   * @default a timer
   */
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
