import Database, { type BetterSqlite3, type Statement } from 'better-sqlite3'
import { join } from 'node:path'
import type { Places } from '../places.ts'
import type { Kv } from './kv.ts'
import { countStatement } from './statements.ts'

/** Opens a database in a file of its own, in WAL mode, whose statements are counted. */
export function sqliteDatabase({ folder }: Places, name: string): BetterSqlite3 {
  const database = new Database(join(folder, `${name.replaceAll(/\W/g, '-')}.db`))
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = NORMAL')
  countStatements(Object.getPrototypeOf(database.prepare('select 1')) as Statement)
  return database
}

/** Prepared statements on a table of keys and texts. */
export function sqliteKv(database: BetterSqlite3): Kv {
  database.exec('create table bare_kv (key text primary key, value text not null)')
  const get = database.prepare('select value from bare_kv where key = ?')
  const remove = database.prepare('delete from bare_kv where key = ?')
  const set = database.prepare(
    'insert into bare_kv values (?, ?) on conflict (key) do update set value = excluded.value',
  )
  return {
    get: (key) => (get.get(key) as { value: string } | undefined)?.value,
    set: (key, text) => set.run(key, text),
    delete: (key) => remove.run(key),
  }
}

/** Counts executions by patching the prototype that all statements share, which adds only one call to each. */
function countStatements(prototype: Statement): void {
  for (const method of ['run', 'get', 'all'] as const) {
    const original: (this: Statement, ...parameters: unknown[]) => unknown = prototype[method]
    Object.defineProperty(prototype, method, {
      value(this: Statement, ...parameters: unknown[]) {
        countStatement()
        return original.apply(this, parameters)
      },
    })
  }
}
