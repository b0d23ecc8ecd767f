import type { MaybePromise, SessionEngine } from '@sessions/core'
import type { FakeClock } from '../fake-clock.ts'

/** An engine to be tested, and what the suite has to know about it. */
export interface EngineSubject {
  /** Opens the engine over an empty store, with its tables and indexes in place. Called once per case. */
  readonly open: (options: OpenOptions) => MaybePromise<OpenedEngine>

  /** Whether the engine has `clearExpired`. Without it, the store must remove expired records by itself. */
  readonly clearExpired: boolean

  /** Whether the engine has `find`. */
  readonly find: boolean

  /**
   * The resolution of the store's time, in milliseconds. A record with the deadline D must be live until D − granularity
   * and gone from D + granularity − 1 on; with 1, it must be gone at D and not a millisecond before.
   *
   * @default 1
   */
  readonly granularity?: number | undefined

  /**
   * The longest id that the store accepts, in characters. The ids of core have 64, or 32 with `hashKeys: false`.
   *
   * @default 255
   */
  readonly longestId?: number | undefined

  /**
   * The largest payload that the store accepts, in bytes.
   *
   * @default 1_048_576
   */
  readonly largestPayload?: number | undefined
}

/** What `open` receives. */
export interface OpenOptions {
  /** The clock that the suite moves. Ignore it if the store has a clock of its own, and return `time` instead. */
  readonly clock: FakeClock
}

/** An engine over an empty store. */
export interface OpenedEngine {
  readonly engine: SessionEngine

  /**
   * A second engine over the same store with a connection of its own, as another process would have. The cases with two
   * writers use both engines.
   *
   * @default the same engine
   */
  readonly peer?: SessionEngine | undefined

  /** The store's own clock, if it does not use the `clock` of {@link OpenOptions}. */
  readonly time?: StoreTime | undefined

  /** Closes the engine and removes what it stored. Called after each case, even a failed one. */
  readonly close?: (() => MaybePromise<void>) | undefined
}

/** The clock of a store that keeps its own time. */
export interface StoreTime {
  /** The store's time in epoch milliseconds. */
  readonly now: () => MaybePromise<number>
  /** Sets the store's clock forward, or waits; resolves when its time has advanced by that many milliseconds. */
  readonly advance: (milliseconds: number) => MaybePromise<void>
}

/** The attributes that the suite stores, for an engine that must declare its attributes, such as database columns. */
export const engineAttributes: {
  readonly userId: 'text'
  readonly level: 'integer'
  readonly admin: 'boolean'
} = { userId: 'text', level: 'integer', admin: 'boolean' }
