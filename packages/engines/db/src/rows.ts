import { InvalidSettingError, type LoadedRecord } from '@sessions/core'
import type { Layout } from './layout.ts'

/** One row, by its columns. */
export type Row = Readonly<Record<string, unknown>>

/**
 * What a row has in a column.
 *
 * @throws {InvalidSettingError} when it has no such column.
 */
export function valueIn(row: Row, column: string): unknown {
  const value = row[column]
  if (value === undefined) throw unreadable(column)
  return value
}

/**
 * The text that a row has in a column.
 *
 * @throws {InvalidSettingError} when it has none there, or something else: every statement names what it reads, and nothing
 * of that is null, so it is the client that was told to answer otherwise.
 */
export function textIn(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string' || value instanceof Uint8Array) return String(value)
  throw unreadable(column)
}

/**
 * The number that a row has in a column, however the client answers it.
 *
 * @throws {InvalidSettingError} when it has none there.
 */
export function numberIn(row: Row, column: string): number {
  const value = row[column]
  const number = value === null ? NaN : Number(value)
  if (Number.isNaN(number)) throw unreadable(column)
  return number
}

/**
 * The epoch milliseconds of a row's deadline, where they are read as such.
 *
 * @throws {InvalidSettingError} when it has none.
 */
export const deadlineIn = (row: Row): number => numberIn(row, 'deadline')

/**
 * The record that a row holds. In Django's layout the data is its own version.
 *
 * @throws {InvalidSettingError} when it holds none.
 */
export function recordIn(row: Row, layout: Layout): LoadedRecord {
  const data = textIn(row, 'data')
  const version = layout === 'django' ? data : textIn(row, 'version')
  return { data, expiresAt: deadlineIn(row), version }
}

function unreadable(column: string): InvalidSettingError {
  return new InvalidSettingError(
    'client',
    `must answer each row as an object by the columns that the statement names, and one came without its \`${column}\`: ` +
      'give the engine a client of its own, without options that rename or nest columns or make arrays of rows ' +
      '(`transform` of postgres.js, `nestTables` and `rowsAsArray` of mysql2, `returnArrays` of node:sqlite).',
  )
}
