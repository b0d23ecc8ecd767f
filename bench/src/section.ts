/** A table of results. */
export interface Table {
  readonly title: string
  /** What readers need to know: the unit, what was subtracted, the limits. */
  readonly note?: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** The options of the command line that sections get. */
export interface BenchOptions {
  /** Whether to measure only the most important things, in under three minutes altogether. */
  readonly quick: boolean
  /** Substrings of the names of contenders or targets to measure. Empty: all. */
  readonly only: readonly string[]
  /** Substrings of the names of scenarios to measure. Empty: all. */
  readonly scenarios: readonly string[]
  /** The number of times to measure everything. Undefined: the section decides. */
  readonly runs: number | undefined
}

/** A part of the benchmark. */
export interface Section {
  /** Its name for `--sections`. */
  readonly name: string
  readonly title: string
  /**
   * Measures and returns the tables of results.
   *
   * @param report Called with a line on the progress.
   */
  run(options: BenchOptions, report: (line: string) => void): Promise<readonly Table[]>
}

/** Whether a name contains one of the substrings asked for, or none were. */
export const isWanted = (name: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.some((part) => name.includes(part))
