import type { Attributes, SessionEngine, SessionRecord } from '@sessions/core'
import type { EngineSubject, OpenedEngine } from './subject.ts'
import { fakeClock, type FakeClock } from '../fake-clock.ts'

/** One thing that is required of every engine. */
export interface EngineCase {
  /** What it is about, such as `create`. */
  readonly group: string
  /** The behaviour, in words. */
  readonly name: string
  /** Opens the subject, tries it and closes it; rejects where the subject behaves otherwise. */
  readonly run: () => Promise<void>
}

/** What a case works with. */
export interface EngineContext {
  readonly engine: SessionEngine
  /** The second engine over the same store, or the same engine where the subject has one alone. */
  readonly peer: SessionEngine
  /** The subject's granularity in milliseconds, its longest id and its largest payload, or what holds unless told. */
  readonly granularity: number
  readonly longestId: number
  readonly largestPayload: number
  /** The time that the store goes by, in epoch milliseconds. */
  readonly now: () => Promise<number>
  readonly advance: (milliseconds: number) => Promise<void>
  /** Whether time stands still between two calls. */
  readonly still: boolean
  /** An id that no other record of this case has. */
  readonly id: () => string
  /** A record that lives for an hour, unless told, and the attributes, if any. */
  readonly record: (data: string, options?: RecordOptions) => Promise<SessionRecord>
  /** Creates a record under a new id; answers the id and its version. */
  readonly stored: (
    data: string,
    options?: RecordOptions,
  ) => Promise<{ id: string; version: string }>
}

/** How a record for a case differs from the usual one. */
export interface RecordOptions {
  /** How long the record lives, in milliseconds. */
  readonly life?: number | undefined
  readonly attributes?: Attributes | undefined
}

/** A case as the files of this suite state it. */
export type CaseBody = (context: EngineContext) => Promise<void>

const HOUR = 3_600_000

/** States the cases of one group. */
export function group(
  name: string,
  cases: Readonly<Record<string, CaseBody>>,
): (subject: EngineSubject) => readonly EngineCase[] {
  return (subject) =>
    Object.entries(cases).map(([behaviour, body]) => ({
      group: name,
      name: behaviour,
      run: () => withContext(subject, body),
    }))
}

async function withContext(subject: EngineSubject, body: CaseBody): Promise<void> {
  const clock = fakeClock()
  const opened = await subject.open({ clock })
  try {
    await body(contextOf(subject, opened, clock))
  } finally {
    await opened.close?.()
  }
}

function contextOf(subject: EngineSubject, opened: OpenedEngine, clock: FakeClock): EngineContext {
  const { engine, peer = engine, time = clock } = opened
  const { granularity = 1, longestId = 255, largestPayload = 1_048_576 } = subject
  const id = idsUpTo(longestId)
  const now = async (): Promise<number> => time.now()
  const record = async (data: string, options: RecordOptions = {}): Promise<SessionRecord> => ({
    data,
    expiresAt: (await now()) + (options.life ?? HOUR),
    ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
  })
  return {
    engine,
    peer,
    granularity,
    longestId,
    largestPayload,
    now,
    advance: async (milliseconds) => time.advance(milliseconds),
    still: opened.time === undefined,
    id,
    record,
    async stored(data, options) {
      const fresh = id()
      const created = await engine.create(fresh, await record(data, options))
      if (created.status !== 'saved')
        throw new Error(`create answered ${created.status} for a new id`)
      return { id: fresh, version: created.version }
    },
  }
}

/** Ids as core hands them out: 64 hex digits, or as many as the store takes. */
function idsUpTo(longest: number): () => string {
  let count = 0
  return () => {
    count += 1
    return count.toString(16).padStart(Math.min(longest, 64), '0')
  }
}
