const brand: unique symbol = Symbol.for('@sessions/core/error') as never

/**
 * The base class of this library's errors, with a stable `code`, the HTTP `status` to respond with, if any, and the
 * `cause`. No message contains a session key, a secret or session data.
 */
export class SessionError extends Error {
  /** Identifies the kind of error, such as `SESSION_ENGINE`. Stable across releases. */
  readonly code: string
  /** The HTTP status to respond with; undefined if the error is not tied to a response. */
  readonly status: number | undefined
  /** The same as `status`, under the name that Express and Fastify read. */
  readonly statusCode: number | undefined
  /**
   * False for a `status` of 500 or more: error handlers that know `http-errors` then do not tell clients the message.
   * Undefined otherwise: from a boolean, Nest 12 concludes that the error is one of `http-errors`, and replaces those below
   * 500 by its own before the filters see them.
   */
  readonly expose: false | undefined

  constructor(message: string, details: { code: string; status?: number; cause?: unknown }) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = details.code
    this.status = details.status
    this.statusCode = details.status
    this.expose = details.status !== undefined && details.status >= 500 ? false : undefined
    Object.defineProperty(this, brand, { value: true })
  }
}

/**
 * Whether a thrown value is an error of this library. Unlike `instanceof`, it also recognises the errors of another copy of
 * this package that is loaded in the same process.
 */
export function isSessionError(value: unknown): value is SessionError {
  return typeof value === 'object' && value !== null && brand in value
}

/** The session was used before `load()`. */
export class SessionNotLoadedError extends SessionError {
  override readonly name = 'SessionNotLoadedError'
  declare readonly code: 'SESSION_NOT_LOADED'

  constructor(member: string) {
    super(
      `session.${member} was used before the session was loaded: write \`await session.load()\` first, ` +
        'or mount the sessions with `{ eager: true }`.',
      { code: 'SESSION_NOT_LOADED', status: 500 },
    )
  }
}

/**
 * A concurrent request ended the session, by a logout for example, or logged in a different user. This request's changes were
 * not saved.
 */
export class SessionInterruptedError extends SessionError {
  override readonly name = 'SessionInterruptedError'
  declare readonly code: 'SESSION_INTERRUPTED'

  constructor(
    reason = 'its record was deleted before this request completed, by a logout for example',
  ) {
    super(`The session was interrupted: ${reason}. Nothing was saved; send the request again.`, {
      code: 'SESSION_INTERRUPTED',
      status: 400,
    })
  }
}

/**
 * A concurrent request changed the session, and this request's changes were not merged: `onConflict` is `'reject'`, or every
 * attempt met yet another change.
 */
export class SessionConflictError extends SessionError {
  override readonly name = 'SessionConflictError'
  declare readonly code: 'SESSION_CONFLICT'

  constructor(reason: string) {
    super(`The session was changed by a concurrent request: ${reason}. Nothing was saved.`, {
      code: 'SESSION_CONFLICT',
      status: 409,
    })
  }
}

/**
 * The session was created or its key was rotated after the response headers had been sent, so the new key can no longer
 * reach the client.
 */
export class SessionCommittedError extends SessionError {
  override readonly name = 'SessionCommittedError'
  declare readonly code: 'SESSION_COMMITTED'

  constructor() {
    super(
      'The response headers have already been sent, so the new key of this session cannot reach the client: ' +
        'change the session, or `await session.save()`, before the first byte of the response.',
      { code: 'SESSION_COMMITTED', status: 500 },
    )
  }
}

/** The store failed. The message names the engine and the operation; the driver's error is the `cause`. */
export class SessionEngineError extends SessionError {
  override readonly name = 'SessionEngineError'
  declare readonly code: 'SESSION_ENGINE'
  /** The engine's name, such as `redis`. */
  readonly engine: string
  /** The engine method that failed, such as `load`. */
  readonly operation: string

  constructor(details: { engine: string; operation: string; reason?: string; cause?: unknown }) {
    super(
      `The ${details.engine} engine failed in ${details.operation}()${details.reason ? `: ${details.reason}` : ''}.`,
      {
        code: 'SESSION_ENGINE',
        status: 503,
        ...('cause' in details ? { cause: details.cause } : {}),
      },
    )
    this.engine = details.engine
    this.operation = details.operation
  }
}

/**
 * The session holds a value that its serializer cannot restore. The default serializer names its path:
 * `cart[2].price is a BigInt`.
 */
export class SessionSerializationError extends SessionError {
  override readonly name = 'SessionSerializationError'
  declare readonly code: 'SESSION_SERIALIZATION'

  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(`The session cannot be stored: ${reason}`, {
      code: 'SESSION_SERIALIZATION',
      status: 500,
      ...options,
    })
  }
}

/** A cookie engine's session does not fit into its cookie: browsers ignore cookies that are too large. */
export class CookieTooLargeError extends SessionError {
  override readonly name = 'CookieTooLargeError'
  declare readonly code: 'COOKIE_TOO_LARGE'
  /** The size that the cookie would have, in bytes, including its name and attributes. */
  readonly bytes: number
  /** The largest size that it may have, in bytes. */
  readonly limit: number

  constructor(bytes: number, limit: number) {
    super(
      `The session cookie would be ${bytes} bytes including its name and attributes, and browsers keep at most ${limit}: ` +
        "store less, raise the engine's `chunks`, or keep the session on the server.",
      { code: 'COOKIE_TOO_LARGE', status: 500 },
    )
    this.bytes = bytes
    this.limit = limit
  }
}

/** A signed value does not verify: it was changed, truncated, or signed with another secret or salt. */
export class BadSignatureError extends SessionError {
  override readonly name: string = 'BadSignatureError'
  declare readonly code: 'BAD_SIGNATURE' | 'SIGNATURE_EXPIRED'

  constructor(
    reason: string,
    options: { code?: 'BAD_SIGNATURE' | 'SIGNATURE_EXPIRED'; cause?: unknown } = {},
  ) {
    super(reason, { code: 'BAD_SIGNATURE', ...options })
  }
}

/** A signed value verifies, but is older than `maxAge`. */
export class SignatureExpiredError extends BadSignatureError {
  override readonly name = 'SignatureExpiredError'
  declare readonly code: 'SIGNATURE_EXPIRED'

  constructor(age: number, maxAge: number) {
    super(`The signature is ${age} seconds old; \`maxAge\` allows ${maxAge}.`, {
      code: 'SIGNATURE_EXPIRED',
    })
  }
}

/** A setting, an option or an argument is invalid. The message names it and the remedy. */
export class InvalidSettingError extends SessionError {
  override readonly name = 'InvalidSettingError'
  declare readonly code: 'INVALID_SETTING'
  /** The setting at fault, such as `cookie.age`. */
  readonly setting: string

  constructor(setting: string, reason: string, options: { cause?: unknown } = {}) {
    super(`${setting} ${reason}`, { code: 'INVALID_SETTING', ...options })
    this.setting = setting
  }
}
