import type { SessionEngine } from '@sessions/core'

/** An engine over a table of its own. */
export interface DatabaseEngine extends SessionEngine {
  readonly name: string

  /**
   * Makes the table and its indexes, and adds the columns that `columns` names and the table lacks. Does nothing where
   * all is there, and may run in several processes at once. Nothing else ever makes a table: call it when you deploy,
   * or when the process starts. In Django's layout it makes nothing, and looks whether Django has.
   *
   * @throws {InvalidSettingError} when there is a table of that name with other columns, or in MySQL with an id that is
   * no key, or a column of `columns` has a type that does not hold what it is to hold, or Django has made none.
   */
  migrate(): Promise<void>

  /** The statements that make the table and its indexes, for those who run migrations of their own. */
  migrationSql(): readonly string[]

  /**
   * Deletes the expired records in batches. In SQLite, where a batch holds up this process, they are of 50 unless told,
   * and after each one the process is left to others for as long as it took.
   *
   * @throws {InvalidSettingError} when an option is unknown or misused.
   */
  clearExpired: NonNullable<SessionEngine['clearExpired']>

  /**
   * The live records with that value in the attribute's column. Null finds nothing.
   *
   * @throws {InvalidSettingError} when the attribute has no column.
   */
  find: NonNullable<SessionEngine['find']>
}
