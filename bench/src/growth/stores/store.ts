import type { MaybePromise, SessionEngine, SessionRecord } from '@sessions/core'
import { platform } from '@sessions/core/platform'
import { payload } from '../../contenders/payload.ts'

/** A store that can be filled with sessions quickly, past its engine where that is faster. */
export interface Store {
  readonly engine: SessionEngine
  /** Adds the sessions numbered from `from` up to, but not including, `to`. */
  fill(from: number, to: number): MaybePromise<unknown>
  close(): MaybePromise<unknown>
}

/** Options for opening a store. */
export interface StoreOptions {
  /** The URL of its server, or the folder for its files. */
  readonly place: string
  /** Its table, file or key prefix. An existing table of that name is dropped. */
  readonly name: string
  /** Whether sessions with odd numbers expired a day ago. The others have a day left. */
  readonly halfExpired: boolean
}

/** The payload of every session. */
export const text: string = JSON.stringify(payload)

/** The key of session `number`. */
export const keyOf = (number: number): string => String(number).padStart(32, '0')

/** The id of session `number`, as engines get it. */
export const idOf = (number: number): string => platform.sha256Hex(keyOf(number))

/** A day in milliseconds. */
export const DAY = 86_400_000

/** The deadline of session `number`. */
export const deadlineOf = (number: number, { halfExpired }: StoreOptions): number =>
  Date.now() + (halfExpired && number % 2 === 1 ? -DAY : DAY)

/** Fills a store through its engine. */
export async function fillByEngine(
  { create }: SessionEngine,
  [from, to]: readonly [number, number],
  options: StoreOptions,
): Promise<void> {
  for (let number = from; number < to; number += 1) {
    const record: SessionRecord = { data: text, expiresAt: deadlineOf(number, options) }
    const created = create(idOf(number), record)
    if (created instanceof Promise) await created
  }
}
