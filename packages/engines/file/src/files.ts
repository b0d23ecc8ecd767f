import { Buffer } from 'node:buffer'
import fs, { constants } from 'node:fs'
import { promisify } from 'node:util'

/** `node:fs/promises` takes half as long again, because it makes an object of each open file. */
const open = promisify(fs.open)
const close = promisify(fs.close)
export const stat: typeof fs.fstat.__promisify__ = promisify(fs.fstat)
export const statLink: typeof fs.lstat.__promisify__ = promisify(fs.lstat)
export const link: typeof fs.link.__promisify__ = promisify(fs.link)
export const unlink: typeof fs.unlink.__promisify__ = promisify(fs.unlink)
export const makeFolder: typeof fs.mkdir.__promisify__ = promisify(fs.mkdir)
const rename = promisify(fs.rename)
const write = promisify(fs.writeFile)
const flush = promisify(fs.fsync)
const read = promisify(fs.read)

/**
 * Does not follow a symlink, and does not wait for the other end if there is a pipe instead. Windows has neither flag.
 */
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * How many bytes of a file are read at once, which is all of most sessions. Below half of `Buffer.poolSize`, the buffer
 * costs no allocation.
 */
const CHUNK_BYTES = 4000

/** What was read of a file. */
export interface Reading {
  /** Its first bytes, or all of it. */
  readonly bytes: Buffer
  /** The size of the whole file. */
  readonly size: number
}

/** The code of an error of the file system, such as `ENOENT`. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
}

/** Resolves to undefined if the action fails because a file or folder does not exist. */
export async function unlessAbsent<Answer>(action: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await action
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** Whether an error says that something else is in the file's place: a symlink (not followed), a pipe or a socket. */
export function isNoFile(error: unknown): boolean {
  return NO_FILE.has(codeOf(error))
}

/** FreeBSD reports a symlink as EMLINK. */
const NO_FILE = new Set<unknown>(['ELOOP', 'EMLINK', 'ESPIPE', 'ENXIO'])

/** Opens a file, hands it to the reader and closes it. */
export async function reading<Answer>(
  path: string,
  reader: (file: number) => Promise<Answer>,
): Promise<Answer> {
  const file = await open(path, READ_ONLY)
  try {
    return await reader(file)
  } finally {
    // Not awaited, and a failure loses nothing: the file was only read.
    fs.close(file, () => {})
  }
}

/** Reads the beginning of an open file, which is all of it unless it is larger than most sessions. */
export async function readBeginning(file: number): Promise<Reading> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  const { bytesRead } = await read(file, buffer, 0, CHUNK_BYTES, 0)
  const bytes = buffer.subarray(0, bytesRead)
  if (bytesRead < CHUNK_BYTES) return { bytes, size: bytesRead }
  return { bytes, size: (await stat(file)).size }
}

/** Reads all of an open file. */
export async function readAll(file: number): Promise<Buffer> {
  const { bytes, size } = await readBeginning(file)
  if (bytes.length >= size) return bytes
  const whole = Buffer.allocUnsafe(size)
  let length = bytes.copy(whole)
  while (length < size) {
    const { bytesRead } = await read(file, whole, length, size - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return whole.subarray(0, length)
}

/**
 * Creates a file, and resolves once its bytes have reached the disk. Rejects if it exists. If it cannot be written, none
 * is left.
 */
export async function writeNew(path: string, bytes: Buffer): Promise<void> {
  // `wx` does not follow a symlink either.
  const file = await open(path, 'wx', 0o600)
  try {
    await write(file, bytes)
    await flush(file)
  } catch (error) {
    await remove(path)
    throw error
  } finally {
    await close(file)
  }
}

/** Removes a file that could not be finished. If this fails too, `clearExpired` removes the file later. */
async function remove(path: string): Promise<void> {
  await unlink(path).catch(() => {})
}

/**
 * Creates or replaces a file atomically: a reader gets all of the old one or all of the new one, even if the process or
 * the machine stops in between.
 */
export async function replaceFile(path: string, temporary: string, bytes: Buffer): Promise<void> {
  await writeNew(temporary, bytes)
  try {
    await rename(temporary, path)
  } catch (error) {
    await remove(temporary)
    throw error
  }
}
