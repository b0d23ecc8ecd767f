import type { PostgresPort } from './postgres-client.ts'
import { postgresMigration } from './postgres-sql.ts'
import { textIn } from './rows.ts'
import { isToBeMade, type Table } from './table.ts'

/** Any number, the same in every process: whoever migrates holds it, and the others wait. */
const LOCK = 5_306_712_459_331

/** Makes what is missing of the table, in one transaction. Where nothing is, it only looks. */
export async function migratePostgres(port: PostgresPort, table: Table): Promise<void> {
  const migration = postgresMigration(table)
  const { rows } = await port.query(migration.present, [])
  const names = (kind: string): ReadonlySet<string> =>
    new Set(rows.filter((row) => textIn(row, 'kind') === kind).map((row) => textIn(row, 'name')))
  const [columns, indexes] = [names('column'), names('index')]
  if (!isToBeMade(table, columns)) return
  const missing = [
    ...(columns.size === 0 ? [migration.table] : []),
    // Each says IF NOT EXISTS, because another process may do it meanwhile.
    ...table.filed
      .filter(({ name }) => columns.size > 0 && !columns.has(name))
      .map(migration.column),
    ...[...migration.indexes].filter(([name]) => !indexes.has(name)).map(([, sql]) => sql),
  ]
  if (missing.length === 0) return
  const lock = `SELECT pg_advisory_xact_lock(${LOCK})`
  await port.script([lock, ...missing].map((statement) => `${statement};`).join('\n'))
}
