import { resolve } from 'node:path'
import {
  checkOptions,
  InvalidSettingError,
  type ClearExpiredOptions,
  type Clock,
  type Created,
  type Deleted,
  type LoadedRecord,
  type Saved,
  type SessionEngine,
  type SessionRecord,
} from '@sessions/core'
import { platform } from '@sessions/core/platform'
import { unlink } from './files.ts'
import { checkedFolders } from './folders.ts'
import { lockFiles } from './lock-files.ts'
import { fileLocks } from './locks.ts'
import { placeOf } from './places.ts'
import { purge } from './purge.ts'
import { loadHead, loadRecord, newVersion, storeRecord } from './record-files.ts'
import { isUnreadable, type Head } from './record-format.ts'

/** The options of `fileEngine`. Only `directory` is required. */
export interface FileEngineOptions {
  /**
   * The folder of the files, on a local disk and used for nothing else. If it does not exist, the first save creates
   * it, for this user alone. A relative path is resolved against the working directory when the engine is created.
   */
  readonly directory: string

  /**
   * How many milliseconds a call waits while a live process holds the lock of the same session; then it rejects. The
   * lock of a process that has died is taken over at once.
   *
   * @default 10_000
   */
  readonly lockTimeout?: number | undefined

  /**
   * The time in epoch milliseconds.
   *
   * @default the machine's clock
   */
  readonly clock?: Clock | undefined
}

/** An engine that keeps sessions in files. */
export interface FileEngine extends SessionEngine {
  readonly name: string
  load(id: string): Promise<LoadedRecord | undefined>
  exists(id: string): Promise<boolean>
  create(id: string, record: SessionRecord): Promise<Created>
  save(id: string, record: SessionRecord, version?: string): Promise<Saved>
  touch(id: string, record: SessionRecord, version?: string): Promise<Saved>
  delete(id: string, version?: string): Promise<Deleted>
  /** Deletes expired records, and the files that processes left behind when they died while writing. */
  clearExpired(options: ClearExpiredOptions): Promise<number>
}

/** Which record to change, and how to read it. */
interface Change<Found> {
  readonly id: string
  readonly version: string | undefined
  readonly read: (path: string) => Promise<Found | undefined>
}

type Stored = Extract<Saved, { readonly status: 'saved' }>

/** How long a call waits for a lock by default, in milliseconds. */
const LOCK_TIMEOUT = 10_000

/** The largest `lockTimeout`, in milliseconds: no request waits for more than an hour. */
const LONGEST_TIMEOUT = 3_600_000

/**
 * Keeps each session in a file, for sites that run on one machine: any number of processes may share the directory. A
 * call rejects with the error of the file system if that fails.
 *
 * @throws {InvalidSettingError} when an option is unknown or invalid.
 * @example
 * app.use(sessions({ engine: fileEngine({ directory: '/var/lib/my-app/sessions' }) }))
 */
export function fileEngine(options: FileEngineOptions): FileEngine {
  check(options)
  const { lockTimeout = LOCK_TIMEOUT, clock = platform } = options

  const directory = resolve(options.directory)
  const folders = checkedFolders()
  const files = lockFiles(directory, folders.make)
  const locks = fileLocks(files, lockTimeout)

  const pathOf = async (id: string): Promise<string> => {
    const { folder, path } = placeOf(directory, id)
    await folders.check(folder)
    return path
  }
  const live = <Found extends Head>(found: Found | undefined): Found | undefined =>
    found && found.expiresAt > clock.now() ? found : undefined
  const isExpired = async (path: string): Promise<boolean> => {
    const head = await loadHead(path)
    return head !== undefined && !live(head)
  }
  /** Runs the task with the record while holding its lock, if the record is live and has the expected version. */
  const changing = async <Found extends Head, Answer>(
    { id, version, read }: Change<Found>,
    task: (path: string, found: Found) => Promise<Answer>,
  ): Promise<Answer | 'missing' | 'conflict'> => {
    const path = await pathOf(id)
    return locks.holding(path, async () => {
      const found = live(await read(path))
      if (!found) return 'missing'
      return version === undefined || version === found.version ? task(path, found) : 'conflict'
    })
  }

  return {
    name: 'file',

    load: async (id) => live(await loadRecord(await pathOf(id))),

    exists: async (id) => live(await loadHead(await pathOf(id))) !== undefined,

    async create(id, { data, expiresAt }) {
      const path = await pathOf(id)
      const insert = async (): Promise<Created> => {
        if (live(await loadHead(path))) return { status: 'taken' }
        return store(path, { version: newVersion(), expiresAt }, data)
      }
      // If the id is taken already, there is no need to wait for the lock.
      return live(await loadHead(path)) ? { status: 'taken' } : locks.holding(path, insert)
    },

    async save(id, { data, expiresAt }, version) {
      const saved = await changing({ id, version, read: loadHead }, async (path) =>
        store(path, { version: newVersion(), expiresAt }, data),
      )
      return typeof saved === 'string' ? { status: saved } : saved
    },

    async touch(id, { expiresAt }, version) {
      const touched = await changing({ id, version, read: loadRecord }, async (path, record) => {
        if (isUnreadable(record)) return 'conflict'
        return store(path, { version: record.version, expiresAt }, record.data)
      })
      return typeof touched === 'string' ? { status: touched } : touched
    },

    delete: async (id, version) =>
      changing({ id, version, read: loadHead }, async (path): Promise<Deleted> => {
        await unlink(path)
        return 'deleted'
      }),

    clearExpired: async (how) => purge({ directory, files, locks, isExpired }, how),
  }
}

async function store(path: string, head: Head, data: string): Promise<Stored> {
  await storeRecord(path, head, data)
  return { status: 'saved', version: head.version }
}

function check(options: FileEngineOptions): void {
  checkOptions('fileEngine', options, {
    directory: 'checked elsewhere',
    lockTimeout: 'checked elsewhere',
    clock: 'clock',
  })
  const { directory, lockTimeout = LOCK_TIMEOUT } = options
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw new InvalidSettingError(
      'directory',
      'must name a folder for the session files, such as `/var/lib/my-app/sessions`.',
    )
  }
  if (!(typeof lockTimeout === 'number' && lockTimeout > 0 && lockTimeout <= LONGEST_TIMEOUT)) {
    throw new InvalidSettingError(
      'lockTimeout',
      `must be a number of milliseconds above 0 and at most ${LONGEST_TIMEOUT}.`,
    )
  }
}
