/** A table of results. */
export interface Table {
  readonly title: string
  /** What has to be known to read it: the unit, and what was taken off. */
  readonly note?: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

/** What the command line asks for. */
export interface BenchOptions {
  /** Less of everything, in under three minutes. */
  readonly quick: boolean
  /** Substrings of the names of contenders or targets; all of them where there are none. */
  readonly only: readonly string[]
  /** Substrings of the names of scenarios; all of them where there are none. */
  readonly scenarios: readonly string[]
  /** How often each thing is measured; undefined leaves that to the section. */
  readonly runs: number | undefined
}

/** A part of the benchmark. */
export interface Section {
  /** What `--sections` calls it. */
  readonly name: string
  readonly title: string
  /**
   * Measures.
   *
   * @param report Takes a line about what is going on.
   */
  run(options: BenchOptions, report: (line: string) => void): Promise<readonly Table[]>
}

/** Whether a name is among those asked for. */
export const isWanted = (name: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.some((part) => name.includes(part))
