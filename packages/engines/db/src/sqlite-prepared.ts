import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts'
import { sqliteSql, type SqliteSql } from './sqlite-sql.ts'
import type { FiledColumn, Table } from './table.ts'
import { explained } from './unmigrated.ts'

/** The statements, compiled. */
export type Prepared = Readonly<Record<Exclude<keyof SqliteSql, 'find'>, SqliteStatement>> & {
  /** Compiled when it is wanted first. */
  readonly find: (column: FiledColumn) => SqliteStatement
}

/** Runs something with the statements. */
export type Run = <T>(work: (statements: Prepared) => T) => T

/**
 * Compiles the statements at the first run, because the table need not be there before, and keeps them.
 *
 * @param connect Done once, before they are compiled.
 */
export function preparedRun(database: SqliteDatabase, table: Table, connect: () => void): Run {
  let statements: Prepared | undefined
  return (work) => {
    try {
      if (!statements) {
        connect()
        statements = prepare(database, table)
      }
      return work(statements)
    } catch (error) {
      throw explained(error, table, ({ message }) => UNMIGRATED.test(message))
    }
  }
}

function prepare(database: SqliteDatabase, table: Table): Prepared {
  const sql = sqliteSql(table)
  const finds = new Map<string, SqliteStatement>()
  return {
    load: database.prepare(sql.load),
    exists: database.prepare(sql.exists),
    create: database.prepare(sql.create),
    save: database.prepare(sql.save),
    touch: database.prepare(sql.touch),
    remove: database.prepare(sql.remove),
    clear: database.prepare(sql.clear),
    find(column) {
      const statement = finds.get(column.name) ?? database.prepare(sql.find(column))
      finds.set(column.name, statement)
      return statement
    },
  }
}

/** The drivers have no code of their own for it: SQLite calls it a general error, and says in words which. */
const UNMIGRATED = /no such (?:table|column)|has no column named/
