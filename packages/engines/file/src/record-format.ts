import { Buffer, isUtf8 } from 'node:buffer'
import type { LoadedRecord } from '@sessions/core'

/** The first line of a file. */
export interface Head {
  readonly version: string
  /** In epoch milliseconds. */
  readonly expiresAt: number
}

/** A head, and the position of the payload. */
interface FullHead extends Head {
  /** The offset of the payload, in bytes. */
  readonly start: number
  /** The size of the payload, in bytes. */
  readonly bytes: number
}

/** The head takes fewer bytes than this. */
const HEAD_BYTES = 128

/** The first word of every file: the format and its version. */
const FORMAT = 'sessions-file/1'
const HEAD = /^sessions-file\/1 ([\w-]{16}) (\S{1,24}) (\d{1,10})\n/

/**
 * Stands for the payload of an unreadable file. It is neither JSON nor anything that a codec has signed, so that core
 * reports the session as suspicious and begins an empty one under the same key.
 */
const UNREADABLE = '\u0000 This file holds no record, or not all of it.'

/** The record that stands for an unreadable file. */
export function unreadable(head: Head): LoadedRecord {
  return { data: UNREADABLE, ...head }
}

/** Whether a record stands for an unreadable file. */
export function isUnreadable({ data }: LoadedRecord): boolean {
  return data === UNREADABLE
}

/**
 * Encodes a record as a file: one line of text with the format, version, deadline and payload size; then the payload.
 */
export function writeRecord(head: Head, data: string): Buffer {
  const line = `${FORMAT} ${head.version} ${head.expiresAt} ${Buffer.byteLength(data)}\n`
  return Buffer.from(line + data, 'utf8')
}

/**
 * Decodes the head at the beginning of a file; undefined if the file is not a complete record. `fileSize` is the size
 * of the whole file.
 */
export function readHead(beginning: Buffer, fileSize: number): FullHead | undefined {
  const head = parse(beginning)
  return head && head.start + head.bytes === fileSize ? head : undefined
}

/** Decodes a file; undefined if it is not a complete record. */
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
