import type { Clock, SessionEngine } from '@sessions/core'
import type { Copies } from './copies.ts'
import type { Row } from './entry.ts'

/** What a request found before it came to ask the database. */
export interface Finding {
  readonly id: string
  /** How many rows had been asked for when the request began. */
  readonly begun: number
  /** The version of what the cache holds, if it holds anything. */
  readonly seen?: string | undefined
  /** Whether the row is to be copied: not where somebody else's lease is, or the cache is not to be had. */
  readonly copies: boolean
}

/** The rows that are being read. */
export interface Readings {
  /** How many rows have been asked for. */
  readonly count: () => number
  /** The row, read by this call, or by another one that sees whatever was written before this one's request began. */
  readonly read: (finding: Finding) => Promise<Row | undefined>
}

/** A row that is being read. */
interface Reading {
  /** The how-manieth row this is. Infinity until the database is asked. */
  asked: number
  /** The version of what the cache held before the database was asked. */
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
    // What another program has put there does for a lease: it goes when anybody writes.
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
      const row = finding.copies ? askAndCopy(reading, finding) : ask(reading, finding)
      reading.row = row.finally(() => {
        if (current.get(id) === reading) current.delete(id)
      })
      current.set(id, reading)
      return reading.row
    },
  }
}

/**
 * Whether a reading answers what the database holds now, as far as the request can tell: the database was asked after the
 * request began, or the request found in the cache what was there before the database was asked, and whoever had written
 * meanwhile would have replaced that.
 */
function isNew({ asked, seen }: Reading, finding: Finding): boolean {
  return asked > finding.begun || (seen !== undefined && seen === finding.seen)
}
