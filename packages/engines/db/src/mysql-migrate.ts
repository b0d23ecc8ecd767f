import { rowsOf, type MysqlPort } from './mysql-client.ts'
import { mysqlAddition, mysqlMigration } from './mysql-sql.ts'
import { textIn } from './rows.ts'
import { isToBeMade, type Table } from './table.ts'

const COLUMNS =
  'SELECT column_name AS name FROM information_schema.columns ' +
  'WHERE table_schema = database() AND table_name = ?'

/** ER_DUP_FIELDNAME: another process has added the column meanwhile. */
const DUPLICATE = 1060

/** Makes what is missing of the table. Where nothing is, it only looks. */
export async function migrateMysql(port: MysqlPort, table: Table): Promise<void> {
  const present = await columnsOf(port, table)
  if (!isToBeMade(table, present)) return
  if (present.size === 0) await port.define(mysqlMigration(table))
  // Another process may have made the table meanwhile, with other columns.
  const columns = await columnsOf(port, table)
  for (const column of table.filed) {
    if (!columns.has(column.name.toLowerCase())) await add(port, mysqlAddition(table, column))
  }
}

async function columnsOf(port: MysqlPort, { name }: Table): Promise<ReadonlySet<string>> {
  const rows = rowsOf(await port.execute(COLUMNS, [name]))
  return new Set(rows.map((row) => textIn(row, 'name').toLowerCase()))
}

async function add(port: MysqlPort, statement: string): Promise<void> {
  try {
    await port.define(statement)
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error && error.errno === DUPLICATE)) throw error
  }
}
