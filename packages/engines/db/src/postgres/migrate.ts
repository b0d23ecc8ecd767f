import { checkExisting, type ExistingType } from '../existing-table.ts'
import { isError } from '../is-error.ts'
import { pause } from '../pause.ts'
import { textIn, type Row } from '../rows.ts'
import type { Table } from '../table.ts'
import type { PostgresPort } from './port.ts'
import { postgresMigration } from './sql.ts'

/** The key of an advisory lock: an arbitrary number, the same in every process, so that one migrates at a time. */
const LOCK = 5_306_712_459_331

/**
 * How many milliseconds a migration waits for open transactions that have used the table. Every other call queues
 * behind it, so it then steps back for as long before it tries again.
 */
const WAIT = 1000

/** lock_not_available */
const LOCK_NOT_AVAILABLE = '55P03'

/** The attribute types that a column can hold, by PostgreSQL's letter for the category of its type. */
const holds: Readonly<Record<string, ExistingType['holds']>> = {
  S: ['text'],
  N: ['integer'],
  B: ['boolean'],
}

/** Creates the table, or what it lacks, in one transaction. If it lacks nothing, only reads. */
export async function migratePostgres(port: PostgresPort, table: Table): Promise<void> {
  const migration = postgresMigration(table)
  const { rows } = await port.query(migration.existing, [])
  const ofKind = (kind: string): readonly Row[] =>
    rows.filter((row) => textIn(row, 'kind') === kind)
  const columns = new Map(ofKind('column').map((row) => [textIn(row, 'name'), typeIn(row)]))
  const indexes = new Set(ofKind('index').map((row) => textIn(row, 'name')))
  const exists = columns.size > 0
  checkExisting(table, { exists, typeOf: (column) => columns.get(column) })
  if (table.layout === 'django') return
  const missing = [
    ...(exists ? [] : [migration.table]),
    // Each statement says IF NOT EXISTS, because another process may have run it in the meantime.
    ...table.attributeColumns
      .filter(({ name }) => exists && !columns.has(name))
      .map(migration.column),
    ...[...migration.indexes].filter(([name]) => !indexes.has(name)).map(([, sql]) => sql),
  ]
  if (missing.length === 0) return
  const locks = [`SELECT pg_advisory_xact_lock(${LOCK})`, `SET LOCAL lock_timeout = ${WAIT}`]
  const script = [...locks, ...missing].map((statement) => `${statement};`).join('\n')
  while (!(await isDone(port.script(script)))) await pause(WAIT)
}

/** Whether a script was executed: false if it had to wait too long for a lock. */
async function isDone(script: Promise<unknown>): Promise<boolean> {
  try {
    await script
    return true
  } catch (error) {
    if (isError(error) && 'code' in error && error.code === LOCK_NOT_AVAILABLE) return false
    throw error
  }
}

function typeIn(row: Row): ExistingType {
  return { name: textIn(row, 'type'), holds: holds[textIn(row, 'category')] ?? [] }
}
