import { sqliteEngine } from '@sessions/db/sqlite'
import Database from 'better-sqlite3'
import { join } from 'node:path'
import { deadlineOf, idOf, text, type Store, type StoreOptions } from './store.ts'

/** Sessions in an SQLite file in WAL mode. */
export async function openSqlite(options: StoreOptions): Promise<Store> {
  const database = new Database(join(options.place, `${options.name}.db`))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const engine = sqliteEngine(database)
  await engine.migrate()
  const insert = database.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?)')
  return {
    engine,
    fill(from, to) {
      database.exec('BEGIN')
      for (let number = from; number < to; number += 1) {
        insert.run(idOf(number), text, deadlineOf(number, options), 'filled')
      }
      database.exec('COMMIT')
    },
    close: () => database.close(),
  }
}
