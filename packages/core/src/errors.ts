const brand: unique symbol = Symbol.for('@sessions/core/error') as never

/**
 * What every error of this library extends: it has a literal `code`, the HTTP `status` that a framework should
 * answer, if any, and the `cause`. No message contains a session key, a secret or session data.
 */
export class SessionError extends Error {
  /** Names the kind of error; stable, so that code can compare it. */
  readonly code: string
  /** The HTTP status to answer; undefined where the error does not suggest one. */
  readonly status: number | undefined
  /** The same as `status`, under the name that Express and Fastify read. */
  readonly statusCode: number | undefined

  constructor(message: string, details: { code: string; status?: number; cause?: unknown }) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.code = details.code
    this.status = details.status
    this.statusCode = details.status
    Object.defineProperty(this, brand, { value: true })
  }
}

/**
 * Whether a thrown value is an error of this library, even if two copies of it are loaded in one process (`instanceof`
 * would miss the errors of the other copy).
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

/** A concurrent request deleted the session's record, by a logout for example, or logged another user in; nothing was written. */
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

/** A concurrent request changed the session, and this request's changes could not be replayed on top. */
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
 * The session changed in a way that needs a cookie after the response headers had gone: the key of a new or rotated
 * session can no longer reach its client.
 */
export class SessionCommittedError extends SessionError {
  override readonly name = 'SessionCommittedError'
  declare readonly code: 'SESSION_COMMITTED'

  constructor() {
    super(
      'The response headers have gone, so the key of this session cannot reach its client: ' +
        'change the session, or `await session.save()`, before the first byte of the response.',
      { code: 'SESSION_COMMITTED', status: 500 },
    )
  }
}

/** The store failed. Names the engine and the operation; what the driver threw is the `cause`. */
export class SessionEngineError extends SessionError {
  override readonly name = 'SessionEngineError'
  declare readonly code: 'SESSION_ENGINE'
  /** The engine's name, such as `redis`. */
  readonly engine: string
  /** The method of the contract that failed, such as `load`. */
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

/** The session holds a value that its serializer cannot bring back; names the path, as in `cart[2].price is a BigInt`. */
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

/** The session does not fit into its cookie; browsers would ignore a larger one. */
export class CookieTooLargeError extends SessionError {
  override readonly name = 'CookieTooLargeError'
  declare readonly code: 'COOKIE_TOO_LARGE'
  /** The size in bytes that the cookie would have, including its name and attributes. */
  readonly bytes: number
  /** The largest size in bytes that it may have. */
  readonly limit: number

  constructor(bytes: number, limit: number) {
    super(
      `The session's cookie would have ${bytes} bytes, name and attributes counted, and browsers keep at most ${limit} of it: ` +
        "store less, raise the engine's `chunks`, or keep the session on the server.",
      { code: 'COOKIE_TOO_LARGE', status: 500 },
    )
    this.bytes = bytes
    this.limit = limit
  }
}

/** A signed value does not verify: it was changed, cut, or signed with another secret or salt. */
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
    super(`The signature is ${age} seconds old, and ${maxAge} are allowed.`, {
      code: 'SIGNATURE_EXPIRED',
    })
  }
}

/** A setting or an argument is misused. Names it and the remedy. */
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
