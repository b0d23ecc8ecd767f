/** A step in handling a request. */
export interface Operation {
  /** The table that it belongs to. Operations with the same group and name do the same job. */
  readonly group: string
  readonly name: string
  /** Whose code it is: `ours`, the name of a package, or `by hand` for a minimal implementation. */
  readonly by: string
  /** Performs it once. If it returns a promise, the operation ends when that is fulfilled. */
  readonly run: () => unknown
}

/** The measured cost of an operation. */
export interface Cost {
  readonly group: string
  readonly name: string
  readonly by: string
  /** Nanoseconds of CPU time, or bytes allocated, per call: one figure for each round. */
  readonly rounds: readonly number[]
}

/** A question to the worker. */
export interface Work {
  readonly measure: 'time' | 'bytes'
  readonly rounds: number
  /** The approximate duration of one operation's round. */
  readonly milliseconds: number
  readonly only: readonly string[]
  readonly scenarios: readonly string[]
}
