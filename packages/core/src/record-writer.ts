import type { ChangeLog } from './change-log.ts'
import type { LoadedRecord } from './engine.ts'
import type { EngineCalls } from './engine-calls.ts'
import { SessionConflictError, SessionEngineError, SessionInterruptedError } from './errors.ts'
import type { Report } from './events.ts'
import { emptyPayload, type Payload } from './payload.ts'
import { belongToDifferentUsers, rebase, userOf } from './rebase.ts'
import type { EncodedRecord, RecordFormat } from './record.ts'
import { handleOf, handleOfId, newSessionKey } from './session-key.ts'
import type { ResolvedSettings } from './settings.ts'
import type { SessionState, Stored } from './state.ts'
import { dueCookie } from './store.ts'

/** How often a request's changes are replayed before it gives up: enough for fifty writers at once, with room. */
const MOST_REPLAYS = 200
/** The pause before a replay is random: at most so many milliseconds for each replay so far, and at most so many in all. */
const PAUSE_STEP = 2
const LONGEST_PAUSE = 32
/** A new key has 165 random bits: where several are taken in a row, the engine does not do what it says. */
const MOST_KEYS = 3
/** How many rotations in a row are followed from an old key to where its session is now. */
const MOST_ROTATIONS = 100

/** What a session is about to be stored as, and the log of what that stores. */
interface Snapshot {
  readonly encoded: EncodedRecord
  readonly log: ChangeLog
  readonly now: number
}

/** A record that another request wrote. */
interface Found {
  readonly id: string
  readonly record: LoadedRecord
  readonly payload: Payload
  readonly text: string | undefined
}

/** Writes sessions to the engine in such a way that nothing is lost that another request writes at the same time. */
export class RecordWriter {
  readonly #settings: ResolvedSettings
  readonly #engine: EngineCalls
  readonly #format: RecordFormat
  readonly #report: Report
  /** The id under which the engine knows a session key. */
  readonly #idOf: (key: string) => string

  constructor(
    settings: ResolvedSettings,
    port: {
      engine: EngineCalls
      format: RecordFormat
      report: Report
      idOf: (key: string) => string
    },
  ) {
    this.#settings = settings
    this.#engine = port.engine
    this.#format = port.format
    this.#report = port.report
    this.#idOf = port.idOf
  }

  /** What a record says. A payload that does not verify or decode is reported, and counts as empty. */
  read(
    record: LoadedRecord,
    handle: string,
  ): { readonly payload: Payload; readonly text: string | undefined } {
    try {
      return this.#format.read(record.data)
    } catch (error) {
      this.#report({ type: 'suspicious', handle, error })
      return { payload: emptyPayload(), text: undefined }
    }
  }

  /** Stores a session that has no record, under a new key. */
  async create(state: SessionState): Promise<void> {
    const snapshot = this.#snapshot(state)
    const fresh = await this.#try(state, snapshot, () => this.#insert(snapshot.encoded))
    this.#install(state, fresh, snapshot)
    this.#report({ type: 'created', handle: handleOf(fresh.key) })
  }

  /** Stores what the request changed, on top of what others stored meanwhile. Never brings a deleted record back. */
  async save(state: SessionState): Promise<void> {
    for (let replays = 0; state.stored !== undefined; replays++) {
      const stored = state.stored
      const snapshot = this.#snapshot(state)
      const answer = await this.#try(state, snapshot, () =>
        this.#engine.save(stored.id, snapshot.encoded.record, stored.version),
      )
      if (answer.status === 'saved') {
        return this.#install(state, withRecord(stored, answer.version, snapshot.encoded), snapshot)
      }
      putBack(state, snapshot)
      if (answer.status === 'missing') throw new SessionInterruptedError()
      await this.#catchUp(state, stored, replays)
    }
  }

  /**
   * Stores the session under a new key, and puts a marker in the place of the old record that leads requests in flight to
   * the new one. What others stored in the old record meanwhile goes to the new one first.
   */
  async rotate(state: SessionState): Promise<void> {
    let snapshot = this.#snapshot(state)
    let fresh = await this.#try(state, snapshot, () => this.#insert(snapshot.encoded))
    try {
      for (let replays = 0; state.stored !== undefined; replays++) {
        const old = state.stored
        if (old.stranger === true) {
          // The new key would open the session of a user whose login had taken the old one away.
          putBack(state, snapshot)
          throw new SessionInterruptedError('a user logged in under another key')
        }
        const answer = await this.#try(state, snapshot, () => this.#retire(old, fresh.id))
        if (answer === 'retired') {
          this.#install(state, fresh, snapshot)
          this.#report({ type: 'rotated', handle: handleOf(fresh.key) })
          return
        }
        putBack(state, snapshot)
        if (answer === 'missing') throw new SessionInterruptedError()
        await this.#catchUp(state, old, replays)
        const next = this.#snapshot(state)
        fresh = await this.#try(state, next, () => this.#update(fresh, next.encoded))
        snapshot = next
      }
      await this.#discard(fresh)
    } catch (error) {
      await this.#discard(fresh)
      throw error
    }
  }

  /** Moves the deadline. Where another request was faster, that one's holds. */
  async touch(state: SessionState, sendsCookie: boolean): Promise<void> {
    const { stored } = state
    if (stored === undefined) return
    const now = this.#settings.clock.now()
    const record = this.#format.touched(state, stored.data, now)
    const answer = await this.#engine.touch(stored.id, record, stored.version)
    if (answer.status !== 'saved' || state.stored !== stored) return
    state.stored = { ...stored, version: answer.version, expiresAt: record.expiresAt }
    if (sendsCookie && !stored.superseded) state.due = dueCookie(state, record.expiresAt, now)
  }

  /**
   * Deletes the record that an id leads to, whoever is writing to it: a version that is not the stored one any more is
   * looked up, and a marker is followed. Resolves whether there was one.
   */
  async end(id: string, version?: string): Promise<boolean> {
    let current = id
    let expected = version
    for (let tries = 0; tries < MOST_REPLAYS; tries++) {
      if (expected === undefined) {
        const found = await this.#follow(current)
        if (found === undefined) return false
        current = found.id
        expected = found.record.version
      }
      const answer = await this.#engine.delete(current, expected)
      if (answer === 'deleted') {
        this.#report({ type: 'ended', handle: handleOfId(current, this.#settings.hashKeys) })
      }
      if (answer !== 'conflict') return answer === 'deleted'
      expected = undefined
    }
    return (await this.#engine.delete(current)) === 'deleted'
  }

  #snapshot(state: SessionState): Snapshot {
    const now = this.#settings.clock.now()
    const encoded = this.#format.record(state, now)
    return { encoded, log: state.takeLog(), now }
  }

  async #try<Answer>(
    state: SessionState,
    snapshot: Snapshot,
    call: () => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await call()
    } catch (error) {
      putBack(state, snapshot)
      throw error
    }
  }

  async #insert({ record, text }: EncodedRecord): Promise<Stored> {
    for (let tries = 0; tries < MOST_KEYS; tries++) {
      const key = newSessionKey(this.#settings.random)
      const id = this.#idOf(key)
      const answer = await this.#engine.create(id, record)
      if (answer.status === 'saved') {
        const { expiresAt, data } = record
        return { key, id, version: answer.version, expiresAt, data, text, superseded: false }
      }
    }
    const reason = `it called ${MOST_KEYS} new random keys in a row taken`
    const engine = this.#settings.engine.name ?? 'session'
    throw new SessionEngineError({ engine, operation: 'create', reason })
  }

  /** The session is stored. Where `flush()` came while it was written, the record is one more to delete. */
  #install(state: SessionState, stored: Stored, snapshot: Snapshot): void {
    if (state.flushed) {
      state.forgotten = [...state.forgotten, stored]
      return
    }
    state.stored = stored
    if (!stored.superseded) state.due = dueCookie(state, stored.expiresAt, snapshot.now)
  }

  async #retire(old: Stored, successor: string): Promise<'retired' | 'missing' | 'conflict'> {
    const { hashKeys, rotationGrace, clock } = this.#settings
    if (!hashKeys || rotationGrace === 0) {
      const answer = await this.#engine.delete(old.id, old.version)
      return answer === 'deleted' ? 'retired' : answer
    }
    const marker = this.#format.marker(successor, clock.now() + rotationGrace * 1000)
    const answer = await this.#engine.save(old.id, marker, old.version)
    return answer.status === 'saved' ? 'retired' : answer.status
  }

  async #update(fresh: Stored, encoded: EncodedRecord): Promise<Stored> {
    const answer = await this.#engine.save(fresh.id, encoded.record, fresh.version)
    if (answer.status !== 'saved') throw new SessionInterruptedError()
    return withRecord(fresh, answer.version, encoded)
  }

  /** The new key was handed to nobody. Should this fail as well, it stays unknown until it expires. */
  async #discard(fresh: Stored): Promise<void> {
    try {
      await this.#engine.delete(fresh.id)
    } catch {
      // Reported as an event; the caller gets the error that came first.
    }
  }

  /** Another request was faster: this one's changes are replayed on what that wrote. */
  async #catchUp(state: SessionState, stored: Stored, replays: number): Promise<void> {
    this.#report({ type: 'conflict', handle: handleOf(stored.key) })
    if (this.#settings.onConflict === 'reject') {
      throw new SessionConflictError('the `onConflict` setting says to reject')
    }
    if (replays >= MOST_REPLAYS) {
      throw new SessionConflictError(
        `each of ${MOST_REPLAYS} replays found that yet another was faster`,
      )
    }
    await this.#pause(replays)
    const found = await this.#follow(stored.id)
    if (found === undefined) throw new SessionInterruptedError()
    if (state.stored === stored) this.#replay(state, stored, found)
  }

  #pause(replays: number): Promise<void> {
    const [byte = 0] = this.#settings.random(1)
    return this.#settings.sleep((byte / 256) * Math.min((replays + 1) * PAUSE_STEP, LONGEST_PAUSE))
  }

  /** Where the session behind an id is now. */
  async #follow(id: string): Promise<Found | undefined> {
    let current = id
    for (let rotations = 0; rotations <= MOST_ROTATIONS; rotations++) {
      const record = await this.#engine.load(current)
      if (record === undefined || record.expiresAt <= this.#settings.clock.now()) return undefined
      const { payload, text } = this.read(record, handleOfId(current, this.#settings.hashKeys))
      if (payload.successor === undefined) return { id: current, record, payload, text }
      current = payload.successor
    }
    return undefined
  }

  #replay(state: SessionState, stored: Stored, found: Found): void {
    const user = userOf(state.data)
    const { payload: theirs, id, text } = found
    const base = stored.text === undefined ? emptyPayload() : this.#format.read(stored.data).payload
    const replayed =
      this.#settings.onConflict === 'merge'
        ? this.#merge(state, base.data, theirs)
        : !belongToDifferentUsers({ data: state.data, base: base.data }, theirs.data)
    if (!replayed) throw new SessionInterruptedError('it belongs to another user by now')
    const { version, expiresAt, data } = found.record
    const superseded = stored.superseded || id !== stored.id
    const now = userOf(state.data)
    const stranger = stored.stranger === true || (superseded && now !== undefined && now !== user)
    state.stored = { key: stored.key, id, version, expiresAt, data, text, superseded, stranger }
  }

  /** False where the two belong to different users. */
  #merge(state: SessionState, base: Payload['data'], theirs: Payload): boolean {
    const { data, expiry, created, log, shared } = state
    const { serializer } = this.#settings
    const dumps = (value: unknown): string => serializer.dumps(value)
    const rebased = rebase({ data, expiry, created, log, shared, base, dumps }, theirs)
    if (rebased !== undefined) state.adopt(rebased)
    return rebased !== undefined
  }
}

function withRecord(stored: Stored, version: string, { record, text }: EncodedRecord): Stored {
  const { expiresAt, data } = record
  return { ...stored, version, expiresAt, data, text }
}

/** What was not stored after all counts as not stored. */
function putBack(state: SessionState, snapshot: Snapshot): void {
  state.log = snapshot.log.followedBy(state.log)
}
