import type { SessionEngine } from '@sessions/core'

/** An engine that keeps sessions in a table of a database. */
export interface DatabaseEngine extends SessionEngine {
  readonly name: string

  /**
   * Creates the table and its indexes, and adds the columns of `columns` that the table lacks. Does nothing if all
   * exist, and may run in several processes at once. Nothing else ever creates the table: call this when you deploy, or
   * when the process starts. In Django's layout, it only checks that Django has created the table.
   *
   * @throws {InvalidSettingError} when a table of that name has other columns, a column's type does not match
   * `columns`, `id` is not a key, `autocommit` is off or the client's character set is not utf8mb4 (MySQL), or Django
   * has not created its table yet.
   */
  migrate(): Promise<void>

  /** The statements that create the table and its indexes, for applications that run migrations of their own. */
  migrationSql(): readonly string[]

  /**
   * Deletes the expired records in batches. With SQLite, a batch blocks this process: by default it has 50 records, and
   * after each batch there is a pause as long as the batch took.
   *
   * @throws {InvalidSettingError} when an option is unknown or misused.
   */
  clearExpired: NonNullable<SessionEngine['clearExpired']>

  /**
   * Finds the live records with that value in the attribute's column. A search for null finds nothing.
   *
   * @throws {InvalidSettingError} when the attribute has no column.
   */
  find: NonNullable<SessionEngine['find']>
}
