import { InvalidSettingError, type LoadedRecord } from '@sessions/core'
import type { Layout } from './layout.ts'

/** A row: its values by column. */
export type Row = Readonly<Record<string, unknown>>

/**
 * A row's value in a column.
 *
 * @throws {InvalidSettingError} when the row has no such column.
 */
export function valueIn(row: Row, column: string): unknown {
  const value = row[column]
  if (value === undefined) throw unreadable(column)
  return value
}

/**
 * A row's text in a column.
 *
 * @throws {InvalidSettingError} when it has no text there. Every statement names the columns that it reads, and none of
 *   these is null, so the client must be configured to return something else.
 */
export function textIn(row: Row, column: string): string {
  const value = row[column]
  if (typeof value === 'string' || value instanceof Uint8Array) return String(value)
  throw unreadable(column)
}

/**
 * A row's number in a column, in any form that a client returns.
 *
 * @throws {InvalidSettingError} when it has no number there.
 */
export function numberIn(row: Row, column: string): number {
  const value = row[column]
  const number = value === null ? NaN : Number(value)
  if (Number.isNaN(number)) throw unreadable(column)
  return number
}

/**
 * A row's deadline in epoch milliseconds.
 *
 * @throws {InvalidSettingError} when it has none.
 */
export const deadlineIn = (row: Row): number => numberIn(row, 'deadline')

/**
 * Reads a row as a record. In Django's layout, the data is its own version.
 *
 * @throws {InvalidSettingError} when the row lacks a column.
 */
export function recordIn(row: Row, layout: Layout): LoadedRecord {
  const data = textIn(row, 'data')
  const version = layout === 'django' ? data : textIn(row, 'version')
  return { data, expiresAt: deadlineIn(row), version }
}

function unreadable(column: string): InvalidSettingError {
  return new InvalidSettingError(
    'client',
    `must return each row as an object with the columns that the statement names, but one has no usable \`${column}\`: ` +
      'give the engine a client of its own, without options that rename or nest columns or turn rows into arrays ' +
      '(`transform` of postgres.js, `nestTables` and `rowsAsArray` of mysql2, `returnArrays` of node:sqlite).',
  )
}
