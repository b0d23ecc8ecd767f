import { compiler, type Compile } from './compile.ts'
import { isLibsql, type Query, type SqliteDatabase } from './database.ts'
import { sqliteSql, type SqliteSql } from './sql.ts'
import type { FiledColumn, Table } from '../table.ts'
import { explained } from '../unmigrated.ts'

/** The statements, compiled. */
export type Prepared = Readonly<Record<Exclude<keyof SqliteSql, 'find'>, Query>> & {
  /** Compiled at the first use. */
  readonly find: (column: FiledColumn) => Query
}

/** Calls a function with the statements. */
export type Run = <T>(work: (statements: Prepared) => T) => T

/**
 * Compiles the statements at the first run, because the table need not exist before, and keeps them.
 *
 * @param connect Called once, before they are compiled.
 */
export function preparedRun(database: SqliteDatabase, table: Table, connect: () => void): Run {
  const compile = compiler(database)
  let statements: Prepared | undefined
  return (work) => {
    try {
      if (!statements) {
        connect()
        statements = prepare(compile, sqliteSql(table, isLibsql(database)))
      }
      return work(statements)
    } catch (error) {
      throw explained(error, table, ({ message }) => UNMIGRATED.test(message))
    }
  }
}

function prepare(compile: Compile, sql: SqliteSql): Prepared {
  const finds = new Map<string, Query>()
  return {
    load: compile(sql.load),
    exists: compile(sql.exists),
    create: compile(sql.create),
    save: compile(sql.save),
    touch: compile(sql.touch),
    remove: compile(sql.remove),
    clear: compile(sql.clear),
    find(column) {
      const statement = finds.get(column.name) ?? compile(sql.find(column))
      finds.set(column.name, statement)
      return statement
    },
  }
}

/** There is no code for it: SQLite calls it a general error, and only the message says which. */
const UNMIGRATED = /no such (?:table|column)|has no column named/
