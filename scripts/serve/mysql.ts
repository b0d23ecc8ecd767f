import { createRequire } from 'node:module'
import type { MysqlPromisePool } from '../../packages/engines/db/src/mysql.ts'
import { keepServer } from '../services/keep-server.ts'
import type { ServedEngine } from './engines.ts'

type CreatePool = (url: string) => MysqlPromisePool & { end(): Promise<void> }

/** Resolved from the engine's package, since the scripts do not depend on it. */
const DRIVER = 'mysql2/promise'

/** Opens MySQL or MariaDB through mysql2: the server at the URL, or a private one that ends with this process. */
export async function openMysql(url: string | undefined): Promise<ServedEngine> {
  const { mysqlEngine } = await import('../../packages/engines/db/src/mysql.ts')
  const server = url === undefined ? await keepServer('mysql') : undefined
  const require = createRequire(new URL('../../packages/engines/db/package.json', import.meta.url))
  const { createPool } = require(DRIVER) as { createPool: CreatePool }
  const pool = createPool(url ?? server?.url ?? '')
  const engine = mysqlEngine(pool)
  await engine.migrate()
  return {
    engine,
    async close() {
      await pool.end()
      await server?.close()
    },
  }
}
