import type { Clock, SessionEngine } from '@sessions/core'
import type { Copies } from './copies.ts'
import type { Row } from './entry.ts'

/** What a request has found in the cache before it needs the database. */
export interface Finding {
  readonly id: string
  /** How many reads had been sent to the database when the request began. */
  readonly begun: number
  /** The version of the cache's entry, if there is one. */
  readonly seen?: string | undefined
  /** Whether to copy the row: not if another request holds a lease, or the cache is unavailable. */
  readonly copy: boolean
}

/** The reads of rows that are in flight. */
export interface Readings {
  /** How many reads have been sent to the database. */
  readonly count: () => number
  /** Reads the row, or joins a read in flight if that sees everything written before this request began. */
  readonly read: (finding: Finding) => Promise<Row | undefined>
}

/** A read in flight. */
interface Reading {
  /** The sequence number of this read; Infinity until it is sent to the database. */
  asked: number
  /** The version of the cache's entry before the database was asked. */
  seen: string | undefined
  row: Promise<Row | undefined>
}

/** Reads rows from the database, and copies them into the cache. */
export function readingsOf(db: SessionEngine, copies: Copies, clock: Clock): Readings {
  const current = new Map<string, Reading>()
  let count = 0

  const ask = async (reading: Reading, { id }: Finding): Promise<Row | undefined> => {
    count += 1
    reading.asked = count
    const row = await db.load(id)
    return row && { data: row.data, expiresAt: row.expiresAt, version: row.version }
  }
  const askAndCopy = async (reading: Reading, finding: Finding): Promise<Row | undefined> => {
    const { id } = finding
    // An entry of another program serves as a lease: any write replaces it.
    const held = finding.seen ?? (await copies.take(id))
    reading.seen = held
    const asked = clock.now()
    let row: Row | undefined
    try {
      row = await ask(reading, finding)
    } finally {
      if (held !== undefined && row === undefined) await copies.end(id, held)
    }
    if (held !== undefined && row !== undefined) await copies.put(id, held, row, asked)
    return row
  }

  return {
    count: () => count,
    read(finding) {
      const { id, seen } = finding
      const other = current.get(id)
      if (other !== undefined && isNew(other, finding)) return other.row
      const reading: Reading = { asked: Infinity, seen, row: Promise.resolve(undefined) }
      const row = finding.copy ? askAndCopy(reading, finding) : ask(reading, finding)
      reading.row = row.finally(() => {
        if (current.get(id) === reading) current.delete(id)
      })
      current.set(id, reading)
      return reading.row
    },
  }
}

/**
 * Whether a read in flight is recent enough for a request: either the database was asked after the request began, or
 * the request found the same cache entry that was there before the database was asked, which any write in between would
 * have replaced.
 */
function isNew({ asked, seen }: Reading, finding: Finding): boolean {
  return asked > finding.begun || (seen !== undefined && seen === finding.seen)
}
