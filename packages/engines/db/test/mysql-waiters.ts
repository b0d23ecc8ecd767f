import type { Pool } from 'mysql2/promise'

/**
 * The ids of the connections whose statements on that table wait for a lock. Read from the report of InnoDB, because
 * its tables in the information schema are not refreshed for frequent queries.
 */
export async function lockWaiters(pool: Pool, table: string): Promise<readonly number[]> {
  const [rows] = await pool.query('SHOW ENGINE INNODB STATUS')
  const report = String((rows as { Status: string }[])[0]?.Status)
  return report
    .split('---TRANSACTION')
    .filter((transaction) => transaction.includes('LOCK WAIT') && transaction.includes(table))
    .map((transaction) => Number(/thread id (\d+)/.exec(transaction)?.[1]))
}
