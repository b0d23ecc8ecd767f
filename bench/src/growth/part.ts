import type { BenchOptions, Table } from '../section.ts'

/** A part of the `growth` section: what requests cost as one thing grows. */
export interface Part {
  /** Its name for `--scenarios`. */
  readonly name: string
  /** Like `Section.run`. */
  run(options: BenchOptions, report: (line: string) => void): Promise<readonly Table[]>
}
