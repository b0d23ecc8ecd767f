import { Buffer, isUtf8 } from 'node:buffer'
import type { LoadedRecord } from '@sessions/core'

/** What the first line of a file says. */
export interface Head {
  readonly version: string
  /** In epoch milliseconds. */
  readonly expiresAt: number
}

/** A head, and the place of the payload. */
interface FullHead extends Head {
  /** Where the payload begins. */
  readonly start: number
  /** The size of the payload. */
  readonly bytes: number
}

/** The head takes fewer bytes than this. */
const HEAD_BYTES = 128

/** What every file begins with: the format and its version. */
const FORMAT = 'sessions-file/1'
const HEAD = /^sessions-file\/1 ([\w-]{16}) (\S{1,24}) (\d{1,10})\n/

/**
 * What stands for the payload of a file that cannot be read. It is neither JSON nor anything that a codec has signed,
 * so that core reports the session as suspicious and begins an empty one under the same key.
 */
const UNREADABLE = '\u0000 This file holds no record, or not all of it.'

/** The record that stands for a file that cannot be read. */
export function unreadable(head: Head): LoadedRecord {
  return { data: UNREADABLE, ...head }
}

/** Whether a record stands for a file that cannot be read. */
export function isUnreadable({ data }: LoadedRecord): boolean {
  return data === UNREADABLE
}

/**
 * A file: one line of text that says what it is, its version, its deadline and the payload's size; then the payload.
 */
export function writeRecord(head: Head, data: string): Buffer {
  const line = `${FORMAT} ${head.version} ${head.expiresAt} ${Buffer.byteLength(data)}\n`
  return Buffer.from(line + data, 'utf8')
}

/**
 * The head in the beginning of a file, or undefined if it is not a whole record. `fileSize` is that of the whole file.
 */
export function readHead(beginning: Buffer, fileSize: number): FullHead | undefined {
  const head = parse(beginning)
  return head && head.start + head.bytes === fileSize ? head : undefined
}

/** The record that a file holds, or undefined if it is not a whole record. */
export function readRecord(file: Buffer): LoadedRecord | undefined {
  const head = readHead(file, file.length)
  if (!head) return undefined
  const { version, expiresAt, start } = head
  const payload = file.subarray(start)
  return { data: isUtf8(payload) ? payload.toString('utf8') : UNREADABLE, expiresAt, version }
}

function parse(beginning: Buffer): FullHead | undefined {
  const match = HEAD.exec(beginning.toString('latin1', 0, HEAD_BYTES))
  const [line = '', version = '', deadline = '', bytes = ''] = match ?? []
  const expiresAt = Number(deadline)
  if (!match || !Number.isFinite(expiresAt)) return undefined
  return { version, expiresAt, start: line.length, bytes: Number(bytes) }
}
