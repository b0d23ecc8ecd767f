import type { Row } from '../rows.ts'

/** A parameter of a statement. */
export type PostgresValue = string | number | boolean | null

/** The reply to a statement. */
export interface PostgresAnswer {
  readonly rows: readonly Row[]
  /** How many rows it wrote or deleted, if it does nothing else. */
  readonly rowCount: number
}

/** What the engine needs of a client. */
export interface PostgresPort {
  /** Runs a statement. */
  readonly query: (text: string, values: PostgresValue[]) => Promise<PostgresAnswer>
  /** Runs statements in one transaction, without a time limit. */
  readonly script: (text: string) => Promise<unknown>
}

/** How to run statements. */
export interface RunOptions {
  readonly timeout: number
  readonly prepare: boolean
}
