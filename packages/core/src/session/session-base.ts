import type { DefaultData, Key } from '../data.ts'
import { InvalidSettingError, SessionNotLoadedError } from '../errors.ts'
import { isReserved } from '../payload/payload.ts'
import { textOf } from '../payload/value-text.ts'
import type { Update } from './change-log.ts'
import { absoluteLimit, endsWithBrowser, expiryAge, expiryTime, toStoredExpiry } from './expiry.ts'
import { REFUSING_ASSIGNMENTS, refuseAssignments } from './refusing-assignments.ts'
import { handleOf } from './session-key.ts'
import { DEFAULT_ORIGIN, type SessionInternals, SessionState } from './session-state.ts'
import { dropChanges, handOut, isChangedUnseen } from './unseen-changes.ts'

const TEST_COOKIE = 'testcookie'
const TEST_COOKIE_VALUE = 'worked'

/** The options of `getExpiryAge` and `getExpiryDate`. */
export interface ExpiryOptions {
  /**
   * When the session was last saved.
   *
   * @default the current time
   */
  readonly modification?: Date | undefined
  /**
   * The expiry to compute with: a value that `setExpiry` takes, or the stored form of one. With it, the session need not be
   * loaded.
   *
   * @default the session's own expiry
   */
  readonly expiry?: number | string | Date | null | undefined
}

/** Returns the state of a session. Internal to this package. */
export let stateOf: (session: object) => SessionState

/**
 * A session without a store: the dictionary, the flags, the expiry and the test cookie, as in Django's class of the same
 * name. Synchronous; nothing is stored.
 */
export class SessionBase<D extends object = DefaultData> {
  readonly #state: SessionState

  static {
    Object.setPrototypeOf(SessionBase.prototype, REFUSING_ASSIGNMENTS)
    refuseAssignments(SessionBase.prototype)
    stateOf = (session) => {
      if (#state in session) return session.#state
      throw new InvalidSettingError(
        'session',
        'is not a session of this library: open it with a manager.',
      )
    }
  }

  /** Creates an empty session, which is never stored. */
  constructor(internals: SessionInternals = new SessionState(DEFAULT_ORIGIN)) {
    this.#state = internals as SessionState
  }

  /** Whether the data is available: `load()` has resolved, `flush()` was called, or the session is new. */
  get loaded(): boolean {
    return this.#state.loaded
  }

  /** The key that the client holds; undefined before `load()`, before the first save and after `flush()`. */
  get sessionKey(): string | undefined {
    return this.#state.stored?.key
  }

  /** A truncated digest of the key, safe in logs; undefined if there is no key. */
  get handle(): string | undefined {
    const key = this.sessionKey
    return key === undefined ? undefined : handleOf(key)
  }

  /**
   * When the stored session expires, as of the last load or save: Django's `expire_date`. Undefined if nothing is stored. See
   * `getExpiryDate()` for when it would expire if it were saved now.
   */
  get expireDate(): Date | undefined {
    const expiresAt = this.#state.stored?.expiresAt
    return expiresAt === undefined ? undefined : new Date(expiresAt)
  }

  /** Whether the data was read or written; if so, the response varies with the cookie. */
  get accessed(): boolean {
    return this.#state.accessed
  }

  /**
   * Whether the session will be saved. Set it to true to save the session even if nothing changed. Set it to false to drop
   * the changes made so far: they are then saved only together with later changes. `cycleKey()` and `flush()` are carried out
   * all the same. Changes inside objects are only detected at commit, and do not show here.
   */
  get modified(): boolean {
    return this.#state.log.modified
  }

  set modified(value: boolean) {
    const state = this.#loaded('modified')
    if (value) state.log.modified = true
    else dropChanges(state)
  }

  /** Whether the session has neither a key nor data. Does not count as access. */
  get isEmpty(): boolean {
    const state = this.#loaded('isEmpty')
    return state.stored === undefined && !state.filled
  }

  /**
   * The dictionary itself, a live object without a prototype: `session.data.views = 1` does the same as
   * `session.set('views', 1)`. Changes at any depth are detected at commit.
   */
  get data(): Partial<D> {
    return handOut(this.#access('data')) as Partial<D>
  }

  /** The number of keys. */
  get size(): number {
    return Object.keys(this.#access('size').data).length
  }

  /** Returns the value of a key, or the fallback if the key is absent. A change inside the value is detected at commit. */
  get<K extends Key<D>>(key: K): D[K] | undefined
  get<K extends Key<D>>(key: K, fallback: Exclude<D[K], undefined>): Exclude<D[K], undefined>
  get<K extends Key<D>, F>(key: K, fallback: F): Exclude<D[K], undefined> | F
  get(key: string, fallback?: unknown): unknown {
    const value = this.#access('get').data[key]
    return value === undefined ? fallback : this.#share(value)
  }

  /**
   * Sets a key. If another request saves first, this key is set again on top of what that request saved.
   *
   * @throws {InvalidSettingError} when the key begins with `_session_`: such keys are reserved.
   */
  set<K extends Key<D>>(key: K, value: D[K]): this {
    this.#put('set', key, value)
    return this
  }

  /**
   * Computes a key's next value from its current one, sets it, and returns it. In both places, undefined means that the key
   * is absent. If another request saves first, the function runs again on the value which that request saved, so that fifty
   * parallel increments add fifty; it should therefore have no side effects.
   *
   * @throws {InvalidSettingError} when the key begins with `_session_`: such keys are reserved.
   */
  modify<K extends Key<D>>(
    key: K,
    update: (value: D[K] | undefined) => Exclude<D[K], undefined>,
  ): Exclude<D[K], undefined>
  modify<K extends Key<D>>(
    key: K,
    update: (value: D[K] | undefined) => D[K] | undefined,
  ): D[K] | undefined
  modify(key: Key<D>, update: (value: D[Key<D>] | undefined) => unknown): unknown {
    const state = this.#access('modify')
    checkKey('modify', key)
    if (isChangedUnseen(state, key)) state.log.replace(key)
    const value = update(state.data[key] as D[Key<D>] | undefined)
    state.log.modified = true
    if (value === undefined) delete state.data[key]
    else state.data[key] = value
    const { serializer } = state.origin
    const text = textOf(value, (part) => serializer.dumps(part))
    state.log.modify(key, [update as Update], text)
    return this.#share(value)
  }

  /** Whether the session has a key. */
  has(key: Key<D>): boolean {
    return key in this.#access('has').data
  }

  /** Deletes a key, and returns whether it existed. */
  delete(key: Key<D>): boolean {
    const state = this.#access('delete')
    if (!(key in state.data)) return false
    this.#changeable('delete', key)
    delete state.data[key]
    state.log.replace(key)
    return true
  }

  /** Deletes a key, and returns its value, or the fallback if the key is absent. */
  pop<K extends Key<D>>(key: K): D[K] | undefined
  pop<K extends Key<D>>(key: K, fallback: Exclude<D[K], undefined>): Exclude<D[K], undefined>
  pop<K extends Key<D>, F>(key: K, fallback: F): Exclude<D[K], undefined> | F
  pop(key: Key<D>, fallback?: unknown): unknown {
    const value = this.#access('pop').data[key]
    this.delete(key)
    return value === undefined ? fallback : this.#share(value)
  }

  /** Returns the value of a key; if the key is absent, sets it to the given value first. */
  setDefault<K extends Key<D>>(key: K, value: D[K]): Exclude<D[K], undefined> {
    const { data } = this.#access('setDefault')
    if (data[key] === undefined) this.#put('setDefault', key, value)
    return this.#share(data[key]) as Exclude<D[K], undefined>
  }

  /**
   * Sets every key of an object. The session counts as modified even if the object is empty.
   *
   * @throws {InvalidSettingError} when passed anything but an object of keys and values (a `Map` or a promise, for example), or when a key
   *   begins with `_session_`.
   */
  update(values: Partial<D>): void {
    const state = this.#access('update')
    checkValues(values)
    const entries = Object.entries(values)
    for (const [key] of entries) checkKey('update', key)
    state.log.modified = true
    for (const [key, value] of entries) this.#put('update', key, value)
  }

  /** Iterates over the keys. */
  keys(): IterableIterator<Key<D>> {
    return (Object.keys(this.#access('keys').data) as Key<D>[]).values()
  }

  /** Iterates over the values. */
  values(): IterableIterator<D[Key<D>]> {
    const state = this.#access('values')
    state.shared = true
    return (Object.values(state.data) as D[Key<D>][]).values()
  }

  /** Iterates over pairs of a key and its value. */
  entries(): IterableIterator<[Key<D>, D[Key<D>]]> {
    const state = this.#access('entries')
    state.shared = true
    return (Object.entries(state.data) as [Key<D>, D[Key<D>]][]).values()
  }

  /** Returns a shallow copy of the data as a plain object, for a response or a log. */
  toObject(): Partial<D> {
    const state = this.#access('toObject')
    state.shared = true
    return { ...state.data } as Partial<D>
  }

  /** Removes all data. The session key and the creation time stay: to log out, use `flush()`. */
  clear(): void {
    const state = this.#access('clear')
    state.empty()
    state.log.modified = true
    state.log.clear()
  }

  /**
   * Exchanges the session key for a new one when the session is stored, and keeps the data. Call it at every login. If two
   * requests exchange the same key at once, each gets a session of its own, unless its user (`_auth_user_id`) was already
   * logged in before.
   */
  cycleKey(): void {
    const state = this.#access('cycleKey')
    state.log.modified = true
    state.log.rotated = true
  }

  /**
   * Deletes the session with the response, and forgets its key and data at once. Call it at logout. It needs no `load()`, and
   * is carried out whatever the response's status. Data written afterwards becomes a new session.
   */
  flush(): void {
    this.#state.flush()
  }

  /**
   * Sets this session's own lifetime: a number of seconds from each save, a date, 0 for a cookie that lasts until the
   * browser closes, or null to return to the lifetime of the settings. It ends 400 days after its last save or renewal at the
   * latest.
   *
   * @throws {InvalidSettingError} when the value is none of these, such as NaN or an invalid Date.
   */
  setExpiry(value: number | Date | null): void {
    const expiry = toStoredExpiry(value)
    const state = this.#access('setExpiry')
    if (expiry === undefined && state.expiry === undefined) return
    state.expiry = expiry
    state.log.expirySet = true
    state.log.modified = true
  }

  /**
   * Returns the session's lifetime in seconds, counted from `modification`, or now. An expiry in seconds is returned
   * unchanged, as in Django.
   */
  getExpiryAge(options: ExpiryOptions = {}): number {
    const { expiry, modification, limit, state } = this.#expiry('getExpiryAge', options)
    const age = expiryAge(expiry, modification, state.origin.policy)
    return Math.min(age, Math.floor((limit - modification) / 1000))
  }

  /**
   * Returns when the session would expire if it were saved at `modification`, or now. As in Django, this may be any date; the
   * stored deadline is 400 days after the save at the latest.
   */
  getExpiryDate(options: ExpiryOptions = {}): Date {
    const { expiry, modification, limit, state } = this.#expiry('getExpiryDate', options)
    return new Date(Math.min(expiryTime(expiry, modification, state.origin.policy), limit))
  }

  /** Whether the cookie lasts only until the browser closes. */
  getExpireAtBrowserClose(): boolean {
    const state = this.#access('getExpireAtBrowserClose')
    return endsWithBrowser(state.expiry, state.origin.policy)
  }

  /** Stores a test value, with which `testCookieWorked()` can tell at the next request whether the client accepts cookies. */
  setTestCookie(): void {
    this.#put('setTestCookie', TEST_COOKIE, TEST_COOKIE_VALUE)
  }

  /** Whether the client sent back the cookie of a request that called `setTestCookie()`. */
  testCookieWorked(): boolean {
    return this.#access('testCookieWorked').data[TEST_COOKIE] === TEST_COOKIE_VALUE
  }

  /** Removes the test value. */
  deleteTestCookie(): void {
    this.delete(TEST_COOKIE as Key<D>)
  }

  #loaded(member: string): SessionState {
    if (!this.#state.loaded) throw new SessionNotLoadedError(member)
    return this.#state
  }

  #access(member: string): SessionState {
    const state = this.#loaded(member)
    state.accessed = true
    return state
  }

  #changeable(member: string, key: string): SessionState {
    const state = this.#access(member)
    checkKey(member, key)
    state.log.modified = true
    return state
  }

  #put(member: string, key: string, value: unknown): void {
    const state = this.#changeable(member, key)
    state.data[key] = value
    this.#share(value)
    state.log.replace(key)
  }

  /** Notes that the application holds the value from now on, and may change it in place. */
  #share<T>(value: T): T {
    if (typeof value === 'object' && value !== null) this.#state.shared = true
    return value
  }

  /** If `options` has an expiry, the session's own is not read, and the session need not be loaded. */
  #expiry(member: string, options: ExpiryOptions) {
    const explicit = options.expiry !== undefined
    const state = explicit ? this.#state : this.#access(member)
    const { clock, policy } = state.origin
    const now = clock.now()
    return {
      state,
      expiry: explicit ? options.expiry : state.expiry,
      modification: options.modification?.getTime() ?? now,
      limit: explicit ? Number.POSITIVE_INFINITY : absoluteLimit(state.created, now, policy),
    }
  }
}

/** Rejects maps, arrays, strings and promises: `Object.entries` of these gives nothing or indices. */
function checkValues(values: unknown): void {
  const isObject = typeof values === 'object' && values !== null
  if (isObject && !(Symbol.iterator in values) && !(values instanceof Promise)) return
  throw new InvalidSettingError('session.update', 'takes an object, such as `{ views: 1 }`.')
}

function checkKey(member: string, key: unknown): void {
  if (typeof key !== 'string') {
    throw new InvalidSettingError(
      `session.${member}`,
      `takes a string as its key, and got one of type ${typeof key}.`,
    )
  }
  if (!isReserved(key)) return
  throw new InvalidSettingError(
    `session.${member}`,
    'cannot use a key that begins with `_session_`: such keys are reserved. Choose another key.',
  )
}
