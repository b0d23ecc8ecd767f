import type { Pool } from 'mysql2/promise'

/**
 * The ids of the connections whose statements on that table wait for a lock. From the report of InnoDB, because its tables
 * in the information schema are not brought up to date for those who ask often.
 */
export async function lockWaiters(pool: Pool, table: string): Promise<readonly number[]> {
  const [rows] = await pool.query('SHOW ENGINE INNODB STATUS')
  const report = String((rows as { Status: string }[])[0]?.Status)
  return report
    .split('---TRANSACTION')
    .filter((transaction) => transaction.includes('LOCK WAIT') && transaction.includes(table))
    .map((transaction) => Number(/thread id (\d+)/.exec(transaction)?.[1]))
}
