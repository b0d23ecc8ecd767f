import type { Stats } from 'node:fs'
import type { LoadedRecord } from '@sessions/core'
import {
  isNoFile,
  readAll,
  readBeginning,
  reading,
  replaceFile,
  stat,
  statLink,
  unlessAbsent,
} from './files.ts'
import { temporaryOf, token } from './places.ts'
import { readHead, readRecord, unreadable, writeRecord, type Head } from './record-format.ts'

/**
 * How long an unreadable file counts as a live record, in milliseconds: two weeks, the default lifetime of a session.
 */
const UNREADABLE_LIFE = 1_209_600_000

/** Loads the head of a record, live or not; undefined if there is no file. */
export async function loadHead(path: string): Promise<Head | undefined> {
  return load(path, async (file) => {
    const { bytes, size } = await readBeginning(file)
    return readHead(bytes, size)
  })
}

/** Loads a record, live or not; undefined if there is no file. */
export async function loadRecord(path: string): Promise<LoadedRecord | undefined> {
  const found = await load(path, async (file) => readRecord(await readAll(file)))
  return found && ('data' in found ? found : unreadable(found))
}

/** Writes a record to its file. The caller must hold the file's lock. */
export async function storeRecord(path: string, head: Head, data: string): Promise<void> {
  await replaceFile(path, temporaryOf(path), writeRecord(head, data))
}

/** A unique version. */
export function newVersion(): string {
  return token()
}

async function load<Found extends Head>(
  path: string,
  read: (file: number) => Promise<Found | undefined>,
): Promise<Found | Head | undefined> {
  const readable = async (file: number): Promise<Found | Head> =>
    (await read(file)) ?? headOf(await stat(file))
  try {
    return await unlessAbsent(reading(path, readable))
  } catch (error) {
    if (!isNoFile(error)) throw error
    const link = await unlessAbsent(statLink(path))
    return link && headOf(link)
  }
}

/** The head of an unreadable file. Its version identifies the file's content, so that compare-and-set still works. */
function headOf({ ino, mtimeMs, size }: Stats): Head {
  return {
    version: `unreadable-${ino}-${mtimeMs}-${size}`,
    expiresAt: mtimeMs + UNREADABLE_LIFE,
  }
}
