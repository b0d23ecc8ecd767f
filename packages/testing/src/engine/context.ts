import type { Attributes, SessionEngine, SessionRecord } from '@sessions/core'
import { expect } from 'vitest'
import type { EngineSubject, OpenedEngine } from './subject.ts'
import { fakeClock, type FakeClock } from '../fake-clock.ts'
import type { SuiteCase } from '../register-cases.ts'

/** What each case gets. */
export interface EngineContext {
  readonly engine: SessionEngine
  /** The second engine over the same store; the same engine if the subject opens only one. */
  readonly peer: SessionEngine
  /** From the subject, defaults applied: in milliseconds, characters and bytes. */
  readonly granularity: number
  readonly longestId: number
  readonly largestPayload: number
  /** The store's time, in epoch milliseconds. */
  readonly now: () => Promise<number>
  readonly advance: (milliseconds: number) => Promise<void>
  /** Whether time stands still between calls: the store uses the suite's clock. */
  readonly still: boolean
  /** An id that no other record of this case has. */
  readonly id: () => string
  /** Makes a record; it lives for an hour by default. */
  readonly record: (data: string, options?: RecordOptions) => Promise<SessionRecord>
  /** Creates a record under a new id; returns the id and the version. */
  readonly stored: (
    data: string,
    options?: RecordOptions,
  ) => Promise<{ id: string; version: string }>
}

/** How a record differs from the default. */
export interface RecordOptions {
  /** How long the record lives, in milliseconds. */
  readonly life?: number | undefined
  readonly attributes?: Attributes | undefined
}

/** The body of a case. */
export type CaseBody = (context: EngineContext) => Promise<void>

const HOUR = 3_600_000

/** Defines the cases of one group, by name. */
export function group(
  name: string,
  cases: Readonly<Record<string, CaseBody>>,
): (subject: EngineSubject) => readonly SuiteCase[] {
  return (subject) =>
    Object.entries(cases).map(([behaviour, body]) => ({
      group: name,
      name: behaviour,
      run: () => withContext(subject, body),
    }))
}

/** Expects the deadline of a loaded record, as exactly as the store keeps time. */
export function expectDeadline(
  loaded: SessionRecord | undefined,
  expiresAt: number,
  granularity: number,
): void {
  const difference = Math.abs((loaded?.expiresAt ?? 0) - expiresAt)
  expect(difference, 'milliseconds between the written and the loaded deadline').toBeLessThan(
    granularity,
  )
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
        throw new Error(`create returned ${created.status} for an id that was never used.`)
      return { id: fresh, version: created.version }
    },
  }
}

/** Ids as core generates them: 64 hex digits, or fewer if the store takes no more. */
function idsUpTo(longest: number): () => string {
  let count = 0
  return () => {
    count += 1
    return count.toString(16).padStart(Math.min(longest, 64), '0')
  }
}
