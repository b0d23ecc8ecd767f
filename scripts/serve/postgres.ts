import { createRequire } from 'node:module'
import type { PostgresPool } from '../../packages/engines/db/src/postgres.ts'
import { keepServer } from '../services/keep-server.ts'
import type { ServedEngine } from './engines.ts'

type PoolClass = new (options: { connectionString: string }) => PostgresPool & {
  on(event: 'error', listener: () => void): unknown
  end(): Promise<void>
}

/** Resolved from the engine's package, since the scripts do not depend on it. */
const DRIVER = 'pg'

/** Opens PostgreSQL through `pg`: the server at the URL, or a private one that ends with this process. */
export async function openPostgres(url: string | undefined): Promise<ServedEngine> {
  const { postgresEngine } = await import('../../packages/engines/db/src/postgres.ts')
  const server = url === undefined ? await keepServer('postgres') : undefined
  const connectionString = url ?? server?.url ?? ''
  const require = createRequire(new URL('../../packages/engines/db/package.json', import.meta.url))
  const { Pool } = require(DRIVER) as { Pool: PoolClass }
  const pool = new Pool({ connectionString })
  // Without a listener, the loss of an idle connection would crash this process.
  pool.on('error', () => undefined)
  const engine = postgresEngine(pool)
  await engine.migrate()
  return {
    engine,
    async close() {
      await pool.end()
      await server?.close()
    },
  }
}
