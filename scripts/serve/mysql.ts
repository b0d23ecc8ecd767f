import { createRequire } from 'node:module'
import type { MysqlPromisePool } from '../../packages/engines/db/src/mysql.ts'
import { keepServer } from '../services/keep-server.ts'
import type { ServedEngine } from './engines.ts'

type CreatePool = (url: string) => MysqlPromisePool & { end(): Promise<void> }

/** A dependency of the engine's package, not of the scripts. */
const DRIVER = 'mysql2/promise'

/** MySQL or MariaDB, by mysql2: the server that the URL names, or a private one that goes with this process. */
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
