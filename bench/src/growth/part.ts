import type { BenchOptions, Table } from '../section.ts'

/** Something that grows, and what that costs. */
export interface Part {
  /** What `--scenarios` calls it. */
  readonly name: string
  /** As `run` of a section. */
  run(options: BenchOptions, report: (line: string) => void): Promise<readonly Table[]>
}
