import type { MaybePromise, SessionEngine } from '@sessions/core'
import type { FakeClock } from '../fake-clock.ts'

/** An engine that the suite is to try, and what it is told about it. */
export interface EngineSubject {
  /**
   * Opens the engine over a store that holds no record, tables and indexes in place. Called once for each case.
   */
  readonly open: (options: OpenOptions) => MaybePromise<OpenedEngine>

  /** Whether the engine has `clearExpired`. A store that expires its records by itself has none. */
  readonly clearExpired: boolean

  /** Whether the engine has `find`. */
  readonly find: boolean

  /**
   * How exactly the store keeps time, in milliseconds. A record with the deadline D is live until D − granularity at
   * least, and gone from D + granularity − 1 on; with 1, it is gone at D and not a millisecond before.
   *
   * @default 1
   */
  readonly granularity?: number | undefined

  /**
   * The length in characters of the longest id that the store takes. Core hands out ids of 64 (of 32 with
   * `hashKeys: false`).
   *
   * @default 255
   */
  readonly longestId?: number | undefined

  /**
   * The size in bytes of the largest payload that the store takes.
   *
   * @default 1_048_576
   */
  readonly largestPayload?: number | undefined
}

/** What an engine is opened with. */
export interface OpenOptions {
  /** The time that the suite moves. An engine over a store with a clock of its own ignores it. */
  readonly clock: FakeClock
}

/** An engine over an empty store. */
export interface OpenedEngine {
  readonly engine: SessionEngine

  /**
   * A second engine over the same store, as another process would have it: by a connection of its own. The cases about
   * two writers write through both.
   */
  readonly peer?: SessionEngine | undefined

  /** The store's own time, where it does not go by the `clock` that it was opened with. */
  readonly time?: StoreTime | undefined

  /** Closes what was opened, and removes what was stored. */
  readonly close?: (() => MaybePromise<void>) | undefined
}

/** The time of a store that has a clock of its own. */
export interface StoreTime {
  /** The store's time in epoch milliseconds. */
  readonly now: () => MaybePromise<number>
  /** Resolves when the store's time has moved on by so many milliseconds: by setting it, or by waiting. */
  readonly advance: (milliseconds: number) => MaybePromise<void>
}

/**
 * The attributes that the suite files. An engine that must know its attributes beforehand, as a database its columns,
 * is opened with these.
 */
export const engineAttributes: {
  readonly userId: 'text'
  readonly level: 'integer'
  readonly admin: 'boolean'
} = { userId: 'text', level: 'integer', admin: 'boolean' }
