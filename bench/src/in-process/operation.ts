/** Something that is done once or more for a request. */
export interface Operation {
  /** What it does: the operations of one group do the same job. */
  readonly group: string
  readonly name: string
  /** Whose code it is: `ours`, the name of a package, or `by hand` for the least that would do. */
  readonly by: string
  /** Does it once. Where it returns a promise, it is done when that is fulfilled. */
  readonly run: () => unknown
}

/** What an operation costs. */
export interface Cost {
  readonly group: string
  readonly name: string
  readonly by: string
  /** Nanoseconds of CPU time, or bytes allocated, of each round. */
  readonly rounds: readonly number[]
}

/** What the worker is told. */
export interface Work {
  readonly measure: 'time' | 'bytes'
  readonly rounds: number
  /** Milliseconds that a round of one operation takes. */
  readonly milliseconds: number
  readonly only: readonly string[]
  readonly scenarios: readonly string[]
}
