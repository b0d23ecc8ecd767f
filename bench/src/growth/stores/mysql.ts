import { mysqlEngine } from '@sessions/db/mysql'
import { createPool } from 'mysql2/promise'
import { DAY, text, type Store, type StoreOptions } from './store.ts'

/** The number of rows that one statement inserts. */
const BATCH = 100_000

/** Sessions in MariaDB, through a mysql2 pool. */
export async function openMysql({ place, name, halfExpired }: StoreOptions): Promise<Store> {
  const pool = createPool(place)
  const engine = mysqlEngine(pool, { table: name })
  await pool.query(`DROP TABLE IF EXISTS ${name}`)
  await engine.migrate()
  const expired = halfExpired ? 'seq % 2 = 1' : 'false'
  const fill = (from: number, to: number): Promise<unknown> =>
    pool.query(
      `INSERT INTO ${name} (id, data, expires_at, version)
        SELECT sha2(lpad(seq, 32, '0'), 256), ?, ? + if(${expired}, -${DAY}, ${DAY}), 'filled'
        FROM seq_${from}_to_${to - 1}`,
      [text, Date.now()],
    )
  return {
    engine,
    async fill(from, to) {
      for (let at = from; at < to; at += BATCH) await fill(at, Math.min(at + BATCH, to))
      await pool.query(`ANALYZE TABLE ${name}`)
    },
    close: () => pool.end(),
  }
}
