import { createPool } from 'mysql2/promise'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine, type DatabaseEngine } from '../src/sqlite.ts'
import { drivers, testFile } from './drivers.ts'
import { pgPool } from './postgres-drivers.ts'
import { freshTable, serviceUrl } from './services.ts'

const layout = 'django'

/** A database that Django and this library share. */
export interface Shared {
  /** The database in the form of Django's settings. */
  readonly database: Readonly<Record<string, unknown>>
  readonly engine: DatabaseEngine
  readonly close: () => Promise<void>
}

/** Each kind of database, opened for one run of tests. */
export const shared: Readonly<Record<string, () => Promise<Shared>>> = {
  async PostgreSQL() {
    const schema = freshTable()
    const { hostname, port, username, password, pathname } = new URL(serviceUrl('postgres'))
    const pool = pgPool({ options: `-c search_path=${schema}` })
    await pool.query(`CREATE SCHEMA ${schema}`)
    return {
      database: {
        ENGINE: 'django.db.backends.postgresql',
        HOST: hostname,
        PORT: port,
        USER: username,
        PASSWORD: password,
        NAME: pathname.slice(1),
        OPTIONS: { options: `-c search_path=${schema}` },
      },
      engine: postgresEngine(pool, { layout }),
      async close() {
        await pool.query(`DROP SCHEMA ${schema} CASCADE`)
        await pool.end()
      },
    }
  },

  async MariaDB() {
    const name = freshTable()
    const url = new URL(serviceUrl('mysql'))
    const pool = createPool({ uri: url.href.replace(url.pathname, `/${name}`) })
    const root = createPool({ uri: url.href })
    await root.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`)
    return {
      database: {
        ENGINE: 'django.db.backends.mysql',
        HOST: url.hostname,
        PORT: url.port,
        USER: url.username,
        PASSWORD: url.password,
        NAME: name,
      },
      engine: mysqlEngine(pool, { layout }),
      async close() {
        await pool.end()
        await root.query(`DROP DATABASE ${name}`)
        await root.end()
      },
    }
  },

  async SQLite() {
    const file = testFile(drivers[0] ?? '')
    return {
      database: { ENGINE: 'django.db.backends.sqlite3', NAME: file.path },
      engine: sqliteEngine(file.connect(), { layout }),
      close: async () => file.remove(),
    }
  },
}
