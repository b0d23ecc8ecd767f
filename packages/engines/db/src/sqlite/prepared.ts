import { messageOf } from '../message-of.ts'
import type { FiledColumn, Table } from '../table.ts'
import { explained } from '../unmigrated.ts'
import { compiler, type Compile } from './compile.ts'
import { readsBytes, type Query, type SqliteDatabase } from './database.ts'
import { sqliteSql, type SqliteSql } from './sql.ts'

/** The compiled statements. */
export type Prepared = Readonly<Record<Exclude<keyof SqliteSql, 'find'>, Query>> & {
  /** Compiled at the first use. */
  readonly find: (column: FiledColumn) => Query
}

/** Calls a function with the statements. */
export type Run = <T>(work: (statements: Prepared) => T) => T

/**
 * Returns a function that compiles the statements at its first run, because the table may not exist earlier, and keeps
 * them.
 *
 * @param connect Called before the statements are compiled.
 */
export function preparedRun(database: SqliteDatabase, table: Table, connect: () => void): Run {
  const compile = compiler(database)
  let statements: Prepared | undefined
  return (work) => {
    try {
      if (!statements) {
        connect()
        statements = prepare(compile, sqliteSql(table, readsBytes(database)))
      }
      return work(statements)
    } catch (error) {
      if (FINALIZED.test(messageOf(error))) statements = undefined
      throw explained(error, table, (thrown) => UNMIGRATED.test(messageOf(thrown)))
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

/** SQLite has no code for these errors: it reports a general error, and only the message tells which one. */
const UNMIGRATED = /no such (?:table|column)|has no column named/

/** A database of node:sqlite finalizes its statements when it is closed, and may be opened again. */
const FINALIZED = /statement has been finalized/
