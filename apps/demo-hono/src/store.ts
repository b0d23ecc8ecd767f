import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createSessions, type Sessions } from '@sessions/core'
import { sqliteEngine } from '@sessions/db/sqlite'
import type { DemoData } from 'demo-page'
import Database from 'libsql'

/** The sessions of the demo, in a SQLite file. */
export interface Store {
  readonly manager: Sessions<DemoData>
  /** Closes the file. */
  close(): void
}

const HOUR = 60 * 60 * 1000

/** Opens the file, makes its table where it has none, and keeps it free of expired sessions. */
export async function openStore(file: string): Promise<Store> {
  mkdirSync(dirname(file), { recursive: true })
  const database = new Database(file)
  const engine = sqliteEngine(database)
  await engine.migrate()

  const manager = createSessions<DemoData>({ engine })
  const purge = (): void => {
    manager.clearExpired().catch((error: unknown) => console.error(error))
  }
  purge()
  const timer = setInterval(purge, HOUR).unref()

  return {
    manager,
    close() {
      clearInterval(timer)
      database.close()
    },
  }
}
