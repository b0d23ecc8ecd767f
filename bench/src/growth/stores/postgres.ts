import { postgresEngine } from '@sessions/db/postgres'
import { Pool } from 'pg'
import { DAY, text, type Store, type StoreOptions } from './store.ts'

/** Sessions in PostgreSQL, through a `pg` pool. */
export async function openPostgres({ place, name, halfExpired }: StoreOptions): Promise<Store> {
  const pool = new Pool({ connectionString: place })
  const engine = postgresEngine(pool, { table: name })
  await pool.query(`DROP TABLE IF EXISTS ${name}`)
  await engine.migrate()
  const expired = halfExpired ? 'number % 2 = 1' : 'false'
  const insert = `INSERT INTO ${name} (id, data, expires_at, version)
    SELECT encode(sha256(lpad(number::text, 32, '0')::bytea), 'hex'), $3,
      $4::bigint + CASE WHEN ${expired} THEN -${DAY} ELSE ${DAY} END, 'filled'
    FROM generate_series($1::int, $2::int - 1) AS number`
  return {
    engine,
    async fill(from, to) {
      await pool.query(insert, [from, to, text, Date.now()])
      // Autovacuum would do this later, in the middle of a measurement.
      await pool.query(`VACUUM ANALYZE ${name}`)
    },
    close: () => pool.end(),
  }
}
