import {
  checkOptions,
  InvalidSettingError,
  type AttributeValue,
  type ClearExpiredOptions,
  type Clock,
  type Created,
  type Deleted,
  type LoadedRecord,
  type Saved,
  type SessionEngine,
  type SessionRecord,
} from '@sessions/core'
import { boundedEntries, type Entry } from './entries.ts'
import { purge } from './purge.ts'
import { sweeper } from './sweeper.ts'
import { pause, type Hold } from './timer.ts'

/** The options of `memoryEngine`. */
export interface MemoryEngineOptions {
  /**
   * The maximum number of sessions. Beyond it, the session that was loaded or saved least recently is dropped, which
   * logs its visitor out. The default guards against a flood of new sessions, and an ordinary site never reaches it:
   * with sessions of 500 bytes, that many take about 75 MB.
   *
   * @default 100_000
   */
  readonly maxEntries?: number | undefined

  /**
   * Seconds between background removals of expired sessions; 0 leaves that to `clearExpired`. The timer starts with the
   * first session, stops while there are no sessions, and never keeps the process alive.
   *
   * @default 60
   */
  readonly sweepInterval?: number | undefined

  /**
   * The time in epoch milliseconds.
   *
   * @default the machine's clock
   */
  readonly clock?: Clock | undefined
}

/**
 * An engine that keeps sessions in the memory of this process. All its methods are synchronous, except `clearExpired`
 * and `find`.
 */
export interface MemoryEngine extends SessionEngine {
  readonly name: string
  /** The number of sessions in memory, including expired ones that have not been removed yet. */
  readonly size: number
  load(id: string): LoadedRecord | undefined
  exists(id: string): boolean
  create(id: string, record: SessionRecord): Created
  save(id: string, record: SessionRecord, version?: string): Saved
  touch(id: string, record: SessionRecord, version?: string): Saved
  delete(id: string, version?: string): Deleted
  /** @throws {InvalidSettingError} when an option is unknown or misused. */
  clearExpired: NonNullable<SessionEngine['clearExpired']>
  /** Scans every session. A search for null finds nothing. */
  find: NonNullable<SessionEngine['find']>
}

/** How many sessions `find` scans before it yields to the event loop. */
const BATCH = 1000

/** The longest delay that `setTimeout` supports, in seconds: 2^31 - 1 milliseconds. */
const LONGEST_TIMER = 2_147_483

/**
 * Keeps sessions in the memory of this process: for tests, demos, and sites that run in a single process whose restart
 * may log everybody out.
 *
 * @throws {InvalidSettingError} when an option is unknown or invalid.
 * @example
 * app.use(sessions({ engine: memoryEngine() }))
 */
export function memoryEngine(options: MemoryEngineOptions = {}): MemoryEngine {
  check(options)
  const { maxEntries = 100_000, sweepInterval = 60, clock = { now: () => Date.now() } } = options

  const entries = boundedEntries(maxEntries, clock)
  const clear = async (how: ClearExpiredOptions, hold: Hold): Promise<number> =>
    purge({ ...entries, pause: async () => pause(hold) }, how)
  const sweep = sweeper(sweepInterval, {
    isNeeded: () => entries.size() > 0,
    run: async () => clear({}, 'unref'),
  })

  return {
    name: 'memory',
    get size() {
      return entries.size()
    },

    load(id) {
      const entry = entries.live(id)
      if (!entry) return undefined
      entries.use(entry)
      const { data, expiresAt, version, attributes } = entry
      return { data, expiresAt, version: String(version), ...(attributes ? { attributes } : {}) }
    },

    exists: (id) => entries.live(id) !== undefined,

    create(id, record) {
      if (entries.live(id)) return { status: 'taken' }
      sweep.wake()
      return saved(entries.insert(id, record))
    },

    save(id, record, version) {
      const entry = entries.live(id)
      if (!entry) return { status: 'missing' }
      if (isStale(entry, version)) return { status: 'conflict' }
      entries.update(entry, record)
      return saved(entry)
    },

    touch(id, { expiresAt }, version) {
      const entry = entries.live(id)
      if (!entry) return { status: 'missing' }
      if (isStale(entry, version)) return { status: 'conflict' }
      entry.expiresAt = expiresAt
      entries.use(entry)
      return saved(entry)
    },

    delete(id, version) {
      const entry = entries.live(id)
      if (!entry) return 'missing'
      if (isStale(entry, version)) return 'conflict'
      entries.remove(entry)
      return 'deleted'
    },

    clearExpired: async (how) => clear(how, 'ref'),

    async *find(attribute, value) {
      let seen = 0
      for (const entry of entries.values()) {
        if (has(entry, attribute, value) && !entries.removeExpired(entry)) {
          yield { id: entry.id, expiresAt: entry.expiresAt }
        }
        seen += 1
        // Only between two entries: meanwhile, an entry can be removed, and its id created again.
        if (seen % BATCH === 0) await pause('ref')
      }
    },
  }
}

function saved({ version }: Entry): { readonly status: 'saved'; readonly version: string } {
  return { status: 'saved', version: String(version) }
}

function isStale(entry: Entry, version: string | undefined): boolean {
  return version !== undefined && version !== String(entry.version)
}

function has({ attributes }: Entry, attribute: string, value: AttributeValue): boolean {
  if (!attributes || value === null) return false
  return Object.hasOwn(attributes, attribute) && attributes[attribute] === value
}

function check(options: MemoryEngineOptions): void {
  checkOptions('memoryEngine', options, {
    maxEntries: 'whole number',
    sweepInterval: 'checked elsewhere',
    clock: 'clock',
  })
  const { sweepInterval = 0 } = options
  if (
    !(typeof sweepInterval === 'number' && sweepInterval >= 0 && sweepInterval <= LONGEST_TIMER)
  ) {
    throw new InvalidSettingError(
      'sweepInterval',
      `must be a number of seconds up to ${LONGEST_TIMER}, or 0 for no sweep in the background.`,
    )
  }
}
