import type { SessionBackend } from '../backends/backend.ts'
import { CookieBackend } from '../backends/cookie-backend.ts'
import { ServerBackend } from '../backends/server-backend.ts'
import { type CookieWriter, cookieWriter } from '../cookies/cookie-writer.ts'
import { type Committed, type CommitResponse, NOTHING } from '../cookies/headers.ts'
import { secureRule } from '../cookies/secure.ts'
import type { DefaultData } from '../data.ts'
import { reportFailure } from '../engine/engine-calls.ts'
import {
  isCookieEngine,
  type AttributeValue,
  type ClearExpiredOptions,
  type MaybePromise,
  type SessionEngine,
} from '../engine/engine.ts'
import { InvalidSettingError } from '../errors.ts'
import { type Report, reporter } from '../events.ts'
import { stateOf } from '../session/session-base.ts'
import { type SessionOrigin, SessionState } from '../session/session-state.ts'
import { newSession, type Session, type UnloadedSession } from '../session/session.ts'
import { checkClearExpired } from '../engine/clear-expired.ts'
import { resolveSettings } from '../settings/resolve-settings.ts'
import type { ResolvedSettings, Settings } from '../settings/settings.ts'
import { attempt, isPromise } from '../steps.ts'
import { type EndOptions, checkedEndOptions } from './end-options.ts'
import { type FoundSession, SessionSearch } from './session-search.ts'

/**
 * Creates a session manager, for an adapter or a script. Does no I/O.
 *
 * @throws {InvalidSettingError} when a setting is unknown or invalid. The message names the setting and the remedy.
 *
 * @example
 * const manager = createSessions<{ _auth_user_id: string; views: number }>({ engine: memoryEngine() })
 * const session = manager.open()
 * session.set('views', 1)
 * await session.save()
 */
export function createSessions<D extends object = DefaultData>(settings: Settings<D>): Sessions<D> {
  return new Sessions(settings)
}

/** A session manager: opens sessions, commits them with a response, and finds and ends them. */
export class Sessions<D extends object = DefaultData> {
  readonly #settings: ResolvedSettings
  readonly #origin: SessionOrigin
  readonly #report: Report
  readonly #writeCookies: CookieWriter
  readonly #backend: SessionBackend
  /** Undefined with a cookie engine. */
  readonly #server: { readonly engine: SessionEngine; readonly backend: ServerBackend } | undefined
  readonly #isSecure: (response: CommitResponse) => boolean
  readonly #search: SessionSearch

  /** The same as `createSessions`. */
  constructor(given: Settings<D>) {
    const settings = resolveSettings(given)
    const { engine, cookie, expireAtBrowserClose, absoluteAge, serializer, clock } = settings
    this.#settings = settings
    this.#report = reporter(settings.onEvent)
    this.#writeCookies = cookieWriter(settings)
    this.#isSecure = secureRule(cookie.secure, this.#report)
    this.#origin = {
      policy: { cookieAge: cookie.age, expireAtBrowserClose, absoluteAge },
      serializer,
      clock,
    }
    if (isCookieEngine(engine)) {
      this.#backend = new CookieBackend(settings, engine, this.#report)
    } else {
      this.#server = { engine, backend: new ServerBackend(settings, engine, this.#report) }
      this.#backend = this.#server.backend
    }
    this.#search = new SessionSearch({ settings, server: this.#server, report: this.#report })
  }

  /**
   * Whether a session must be committed even if the request did not touch it (`saveEveryRequest`). If false, an adapter may
   * skip the commit for an untouched session.
   */
  get commitsUntouched(): boolean {
    return this.#settings.saveEveryRequest
  }

  /** Opens a new session, usable at once and without a request. */
  open(): Session<D>
  /**
   * Opens the session with the given key. Nothing is read before `load()`; a malformed key counts as unknown.
   *
   * @throws {InvalidSettingError} when the key is not a string.
   */
  open(key: string): UnloadedSession<D>
  open(key?: string): Session<D> {
    if (key === undefined) return this.#session(undefined)
    if (typeof key === 'string') return this.#session({ key })
    throw new InvalidSettingError('open', 'takes a session key, or nothing for a new session.')
  }

  /**
   * Opens the session that a request's Cookie header names, or a new one if it names none. Nothing is parsed or read before
   * `load()`.
   *
   * @throws {InvalidSettingError} when the header is neither a string nor an array of strings.
   */
  openFromCookies(header: string | readonly string[] | null | undefined): UnloadedSession<D> {
    if (!header) return this.#session(NO_COOKIES)
    if (typeof header === 'string') return this.#session({ cookieHeader: header })
    if (Array.isArray(header)) return this.#session({ cookieHeader: header.join('; ') })
    throw new InvalidSettingError(
      'openFromCookies',
      'takes a Cookie header: a string, or an array of strings.',
    )
  }

  /**
   * Stores what a request did to its session, and returns the headers that the response must carry; `applyCommitted` sets
   * them. Call it when the status is known, before the first byte of the response. Returns a value instead of a promise if
   * nothing has to be stored.
   *
   * @throws {SessionInterruptedError} when another request deleted the session.
   * @throws {SessionConflictError} when another request changed the session and `onConflict` is `'reject'`, or merging
   *   failed too many times.
   * @throws {SessionEngineError} when the store fails.
   * @throws {SessionSerializationError} when a value cannot be stored.
   * @throws {SessionCommittedError} when the headers were already sent and the client would need a new cookie.
   * @throws {CookieTooLargeError} when a cookie engine's cookie is too large for browsers.
   * @throws {InvalidSettingError} when the response has no status.
   */
  commit(session: UnloadedSession<D>, response: CommitResponse): MaybePromise<Committed> {
    checkStatus(response)
    const state = stateOf(session)
    const idle = state.committed
      ? !state.maybeChanged
      : !state.touched && !this.#settings.saveEveryRequest
    if (!idle) return this.#commit(state, response)
    state.committed = true
    return NOTHING
  }

  /**
   * Whether a request may have changed its session; for adapters, before a check that costs. Unlike `session.modified`, true
   * also if the application got hold of `session.data` or an object inside, and may have changed it in place.
   */
  mayHaveChanged(session: UnloadedSession<D>): boolean {
    return stateOf(session).maybeChanged
  }

  /**
   * Returns the headers that the error response must carry after a failed commit; for adapters. It depends on the session, as
   * `Vary` says. If an earlier `save()` stored the session, its cookie still has to be sent, because the client would otherwise
   * never get the key. Never throws.
   */
  owed(session: UnloadedSession<D>, response: CommitResponse): Committed {
    const state = stateOf(session)
    try {
      return this.#emit(state, response)
    } catch {
      // The error response is about the failed commit, not about a cookie that is also too large.
      return NOTHING
    }
  }

  /**
   * Deletes expired sessions from the store, in batches. Resolves to how many were deleted, or 0 if the store expires them
   * itself.
   *
   * @throws {InvalidSettingError} when an option is unknown or invalid.
   * @throws {SessionEngineError} when the store fails.
   * @throws the signal's reason when `signal` is aborted.
   */
  async clearExpired(options: ClearExpiredOptions = {}): Promise<number> {
    checkClearExpired(options)
    const engine = this.#server?.engine
    if (engine?.clearExpired === undefined) return 0
    try {
      return await engine.clearExpired(options)
    } catch (cause) {
      if (options.signal?.aborted === true) throw cause
      throw reportFailure({ engine, report: this.#report, operation: 'clearExpired' }, cause)
    }
  }

  /**
   * Finds every live session whose attribute has the given value, in no particular order.
   *
   * @throws {InvalidSettingError} when the attribute is not in the `attributes` setting, its value is not a string, a finite
   *   number, a boolean or null, or the engine has no `find`.
   * @throws {SessionEngineError} when the store fails.
   *
   * @example
   * for await (const found of manager.find({ userId: '42' })) console.log(found.handle, found.expiresAt)
   */
  async *find(attribute: Readonly<Record<string, AttributeValue>>): AsyncGenerator<FoundSession> {
    yield* this.#search.find(attribute)
  }

  /**
   * Ends every session whose attribute has the given value ("log out everywhere"), and resolves to how many it ended.
   *
   * @throws {InvalidSettingError} when `except` is neither a session nor a session key, and for the same reasons as `find`.
   * @throws {SessionEngineError} when the store fails.
   *
   * @example
   * await manager.end({ userId: '42' }, { except: session })
   */
  async end(
    attribute: Readonly<Record<string, AttributeValue>>,
    options: EndOptions<D> = {},
  ): Promise<number> {
    const { except } = checkedEndOptions(options)
    return this.#search.end(attribute, () => this.#idsOf(except))
  }

  #session(request: SessionState['request']): Session<D> {
    return newSession<D>(new SessionState(this.#origin, request), this.#backend)
  }

  #commit(state: SessionState, response: CommitResponse): MaybePromise<Committed> {
    const late = state.committed
    const failed = (error: unknown): never => {
      state.committed = true
      throw error
    }
    const stored = (): Committed => {
      state.committed = true
      if (!late) return this.#emit(state, response)
      // The headers have already been sent: what changed since is stored, and no cookie can follow.
      state.due = undefined
      return NOTHING
    }
    const committing = attempt(() => this.#backend.commit(state, response), stored, failed)
    if (isPromise(committing)) state.committing = committing
    return committing
  }

  #emit(state: SessionState, response: CommitResponse): Committed {
    const { due } = state
    if (due === undefined) return state.accessed ? VARY : NOTHING
    state.due = undefined
    const delivery = { secure: this.#isSecure(response), now: this.#settings.clock.now() }
    const setCookie = this.#writeCookies(state, due, delivery)
    return { setCookie, vary: 'Cookie', cacheControl: 'no-cache="Set-Cookie"' }
  }

  async #idsOf(session: UnloadedSession<D> | string | undefined): Promise<readonly string[]> {
    if (session === undefined) return []
    return this.#backend.idsOf(typeof session === 'string' ? session : stateOf(session))
  }
}

/** Throws if the response has no status: its session would otherwise silently not be saved. */
function checkStatus(response: Partial<CommitResponse> | undefined): void {
  if (Number.isInteger(response?.status)) return
  throw new InvalidSettingError(
    'commit',
    'takes `{ status, https, host }`, of which `status` is required.',
  )
}

const NO_COOKIES = Object.freeze({ cookieHeader: '' })

const VARY: Committed = Object.freeze({
  setCookie: Object.freeze([]),
  vary: 'Cookie',
  cacheControl: undefined,
})
