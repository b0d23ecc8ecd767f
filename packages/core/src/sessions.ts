import { CookieStore } from './cookie-store.ts'
import { type CookieWriter, cookieWriter } from './cookie-writer.ts'
import type { DefaultData } from './data.ts'
import type { AttributeValue, ClearExpiredOptions, MaybePromise, SessionEngine } from './engine.ts'
import { type EndOptions, checkedEndOptions } from './end-options.ts'
import { reportFailure } from './engine-calls.ts'
import { InvalidSettingError } from './errors.ts'
import { type Report, reporter } from './events.ts'
import { findRecords, type FoundRecord } from './find-records.ts'
import { type Committed, NOTHING } from './headers.ts'
import { isCookieEngine, resolveSettings } from './resolve-settings.ts'
import { ServerStore } from './server-store.ts'
import { Session, type UnloadedSession } from './session.ts'
import { stateOf } from './session-base.ts'
import { handleOfId } from './session-key.ts'
import { isLoopback } from './set-cookie.ts'
import type { ResolvedSettings, Settings } from './settings.ts'
import { type SessionOrigin, SessionState } from './state.ts'
import { attempt, isPromise } from './steps.ts'
import type { Store } from './store.ts'

/** What is known of a response when its headers are about to leave. */
export interface CommitResponse {
  /** Its HTTP status; with 500 or more, nothing is saved. */
  readonly status: number
  /** Whether the request came over https, as far as the framework can tell. */
  readonly https?: boolean | undefined
  /** The request's Host header. */
  readonly host?: string | undefined
}

/** A live session found by an attribute. */
export interface FoundSession {
  /** A truncated digest of its key: the same as `session.handle`. */
  readonly handle: string
  /** When it expires. */
  readonly expiresAt: Date
  /** Deletes it. Resolves to whether it was still there. */
  end(): Promise<boolean>
}

/**
 * Creates the manager that an adapter or a script works with.
 *
 * @throws {InvalidSettingError} when a setting is misused; it names the setting and the remedy.
 *
 * @example
 * const manager = createSessions<{ userId: string; views: number }>({ engine: memoryEngine() })
 * const session = manager.open()
 * session.set('views', 1)
 * await session.save()
 */
export function createSessions<D extends object = DefaultData>(settings: Settings<D>): Sessions<D> {
  return new Sessions(settings)
}

/** Opens sessions, and commits them with a response. */
export class Sessions<D extends object = DefaultData> {
  readonly #settings: ResolvedSettings
  readonly #origin: SessionOrigin
  readonly #report: Report
  readonly #writeCookies: CookieWriter
  readonly #store: Store
  /** Where records are kept on the server; undefined with a cookie engine. */
  readonly #server: { readonly engine: SessionEngine; readonly store: ServerStore } | undefined
  #insecureReported = false

  /** Same as `createSessions`. */
  constructor(given: Settings<D>) {
    const settings = resolveSettings(given)
    const { engine, cookie, expireAtBrowserClose, absoluteAge, serializer, clock } = settings
    this.#settings = settings
    this.#report = reporter(settings.onEvent)
    this.#writeCookies = cookieWriter(settings)
    this.#origin = {
      policy: { cookieAge: cookie.age, expireAtBrowserClose, absoluteAge },
      serializer,
      clock,
    }
    if (isCookieEngine(engine)) {
      this.#store = new CookieStore(settings, engine, this.#report)
    } else {
      this.#server = { engine, store: new ServerStore(settings, engine, this.#report) }
      this.#store = this.#server.store
    }
  }

  /** Whether a session that nobody touched must be committed too. If not, an adapter may leave the response alone. */
  get commitsUntouched(): boolean {
    return this.#settings.saveEveryRequest
  }

  /** A new session, usable at once: no request is needed. */
  open(): Session<D>
  /**
   * The session with that key. Nothing is read yet; a malformed key is treated as an unknown one.
   *
   * @throws {InvalidSettingError} when the key is not a string.
   */
  open(key: string): UnloadedSession<D>
  open(key?: string): Session<D> {
    if (key === undefined) return this.#session(undefined)
    if (typeof key === 'string') return this.#session({ key })
    throw new InvalidSettingError('open', 'takes a session key, or nothing for a new session.')
  }

  /** The session that a request's Cookie header names. Nothing is parsed or read yet. */
  openFromCookies(header: string | readonly string[] | null | undefined): UnloadedSession<D> {
    if (!header) return this.#session(NO_COOKIES)
    if (typeof header === 'string') return this.#session({ cookieHeader: header })
    if (Array.isArray(header)) return this.#session({ cookieHeader: header.join('; ') })
    throw new InvalidSettingError('openFromCookies', 'takes a Cookie header: a text, or several.')
  }

  /**
   * Carries out what a request decided about its session, and returns the headers that the response must carry;
   * `applyCommitted` sets them. Call it once, before the first byte of the response. Synchronous if nothing is to be
   * stored.
   *
   * @throws {SessionInterruptedError} when the record was deleted by another request.
   * @throws {SessionConflictError} when another request changed it and `onConflict` says to reject.
   * @throws {SessionEngineError} when the store fails.
   * @throws {SessionSerializationError} when a value cannot be stored.
   * @throws {CookieTooLargeError} when a cookie engine's cookie would be dropped by browsers.
   * @throws {InvalidSettingError} when the response has no status.
   */
  commit(session: UnloadedSession<D>, response: CommitResponse): MaybePromise<Committed> {
    const state = stateOf(session)
    const idle = state.committed
      ? !state.log.modified && !state.shared
      : !state.touched && !this.#settings.saveEveryRequest
    if (!idle) return this.#commit(state, response)
    state.committed = true
    return NOTHING
  }

  /**
   * Deletes expired sessions from the store, in batches. Resolves to their number, or 0 where the store expires them
   * itself.
   *
   * @throws {SessionEngineError} when the store fails.
   */
  async clearExpired(options: ClearExpiredOptions = {}): Promise<number> {
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
   * Every live session with that value of that attribute, in no particular order.
   *
   * @throws {InvalidSettingError} when the attribute is not in the `attributes` setting, its value is not one that
   *   can be filed, or the engine has no `find`.
   * @throws {SessionEngineError} when the store fails.
   *
   * @example
   * for await (const found of manager.find({ userId: '42' })) console.log(found.handle, found.expiresAt)
   */
  async *find(attribute: Readonly<Record<string, AttributeValue>>): AsyncGenerator<FoundSession> {
    const { hashKeys } = this.#settings
    for await (const { id, expiresAt } of this.#findRecords(attribute)) {
      yield {
        handle: handleOfId(id, hashKeys),
        expiresAt: new Date(expiresAt),
        end: async () => (await this.#server?.store.end(id)) ?? false,
      }
    }
  }

  /**
   * Ends every session with that value of that attribute: "log out everywhere". Resolves to how many were ended.
   *
   * @throws {InvalidSettingError} when `except` is neither a session nor a session key.
   * @throws as `find` does.
   *
   * @example
   * await manager.end({ userId: '42' }, { except: session })
   */
  async end(
    attribute: Readonly<Record<string, AttributeValue>>,
    options: EndOptions<D> = {},
  ): Promise<number> {
    const { except } = checkedEndOptions(options)
    let ended = 0
    for (let searches = 0; searches < MOST_SEARCHES; searches++) {
      const found: string[] = []
      for await (const { id } of this.#findRecords(attribute)) found.push(id)
      // Looked up last: its key may be rotated until then, not after.
      const spared = await this.#idsOf(except)
      const before = ended
      for (const [index, id] of found.filter((each) => !spared.includes(each)).entries()) {
        // Others are to have their turn, where the engine answers at once.
        if (index % BATCH === BATCH - 1) await this.#settings.sleep(0)
        if (await this.#server?.store.end(id)) ended++
      }
      // A session whose key was rotated meanwhile may be where the search had looked before.
      if (ended === before) break
    }
    return ended
  }

  #session(request: SessionState['request']): Session<D> {
    return new Session<D>(new SessionState(this.#origin, request), this.#store)
  }

  #commit(state: SessionState, response: CommitResponse): MaybePromise<Committed> {
    checkStatus(response)
    const late = state.committed
    const failed = (error: unknown): never => {
      state.committed = true
      throw error
    }
    const stored = (): Committed => {
      state.committed = true
      if (!late) return this.#emit(state, response)
      // The headers have gone: what changed since is stored, and no cookie is owed.
      state.due = undefined
      return NOTHING
    }
    const committing = attempt(() => this.#store.commit(state, response), stored, failed)
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

  #isSecure(response: CommitResponse): boolean {
    const { secure } = this.#settings.cookie
    if (secure === false || response.https === true) return secure !== false
    const loopback = isLoopback(response.host)
    if (!loopback && response.https === false) this.#reportInsecure(response)
    return secure === true || !loopback
  }

  #reportInsecure({ host }: CommitResponse): void {
    if (this.#insecureReported) return
    this.#insecureReported = true
    this.#report?.({ type: 'insecure', host })
  }

  #findRecords(attribute: Readonly<Record<string, AttributeValue>>): AsyncIterable<FoundRecord> {
    return findRecords(attribute, {
      settings: this.#settings,
      engine: this.#server?.engine,
      report: this.#report,
    })
  }

  async #idsOf(session: UnloadedSession<D> | string | undefined): Promise<readonly string[]> {
    if (session === undefined) return []
    return this.#store.idsOf(typeof session === 'string' ? session : stateOf(session))
  }
}

/** Without a status, a response would store nothing, and nobody would know why. */
function checkStatus(response: Partial<CommitResponse> | undefined): void {
  if (Number.isInteger(response?.status)) return
  throw new InvalidSettingError(
    'commit',
    'takes what is known of the response: `{ status, https, host }`, its status at least.',
  )
}

/** How often `end` looks for sessions at most. */
const MOST_SEARCHES = 10
/** How many sessions `end` ends at a time. */
const BATCH = 100

const NO_COOKIES = Object.freeze({ cookieHeader: '' })

const VARY: Committed = Object.freeze({
  setCookie: Object.freeze([]),
  vary: 'Cookie',
  cacheControl: undefined,
})
