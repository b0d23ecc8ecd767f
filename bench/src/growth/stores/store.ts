import type { MaybePromise, SessionEngine, SessionRecord } from '@sessions/core'
import { platform } from '@sessions/core/platform'
import { payload } from '../../contenders/payload.ts'

/** A store that is filled with sessions quickly, most of them past its engine. */
export interface Store {
  readonly engine: SessionEngine
  /** Adds the sessions number `from` up to `to`, that one not included. */
  fill(from: number, to: number): MaybePromise<unknown>
  close(): MaybePromise<unknown>
}

/** What a store is opened with. */
export interface StoreOptions {
  /** Where its server is, or the folder for its files. */
  readonly place: string
  /** Its table, or what its keys begin with: whatever has that name is thrown away. */
  readonly name: string
  /** Whether every other session, each of an odd number, expired a day ago. The others have a day left. */
  readonly halfExpired: boolean
}

/** What a session holds, as text. */
export const text: string = JSON.stringify(payload)

/** The key of the session of that number. */
export const keyOf = (number: number): string => String(number).padStart(32, '0')

/** The id under which an engine has it. */
export const idOf = (number: number): string => platform.sha256Hex(keyOf(number))

/** A day in milliseconds. */
export const DAY = 86_400_000

/** When the session of that number ends. */
export const deadlineOf = (number: number, { halfExpired }: StoreOptions): number =>
  Date.now() + (halfExpired && number % 2 === 1 ? -DAY : DAY)

/** Fills a store by its engine. */
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
