import { InvalidSettingError, type Attributes, type AttributeValue } from '@sessions/core'
import type { AttributeColumn, FiledColumn, Table } from './table.ts'

/** An attribute's value as it is passed to a driver: no booleans, which some drivers do not accept. */
export type ColumnValue = string | number | null

/** Whether a database can store a text. */
export type IsText = (text: string) => boolean

/**
 * The attributes' values in the order of the columns; null for an attribute that is absent.
 *
 * @throws {InvalidSettingError} when a value does not match its column's type.
 */
export function attributeValues(
  table: Table,
  attributes: Attributes = {},
  isText?: IsText,
): ColumnValue[] {
  return table.attributeColumns.map((column) => {
    const { attribute } = column
    const value = Object.hasOwn(attributes, attribute) ? attributes[attribute] : null
    if (value === null || value === undefined) return null
    const filed = columnValue(column, value, isText)
    if (filed === null) throw notHeld(column)
    return filed
  })
}

/** A value as the column stores it, or null if it does not match the column's type. */
export function columnValue(
  { type }: FiledColumn,
  value: AttributeValue,
  isText: IsText = () => true,
): ColumnValue {
  switch (typeof value) {
    case 'boolean':
      return type === 'boolean' ? Number(value) : null
    case 'number':
      return type === 'integer' && Number.isSafeInteger(value) ? value : null
    case 'string':
      if (type === 'text') return isText(value) ? value : null
      return type === 'integer' && isBigInteger(value) ? value : null
    default:
      return null
  }
}

/** Whether a text is an integer of 64 bits that JavaScript's numbers cannot represent. */
function isBigInteger(text: string): boolean {
  if (!/^-?[1-9]\d{15,18}$/.test(text) || Number.isSafeInteger(Number(text))) return false
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

/** The values that an attribute may have for a column of each type. */
const held: Readonly<Record<AttributeColumn['type'], string>> = {
  text: 'a string (in PostgreSQL, without U+0000)',
  integer: 'a whole number, or one over 2^53 - 1 as a string of its digits',
  boolean: 'a boolean',
}

/**
 * The error of a save with a text that the server finds too long: a mistake of the application, not a failure of the
 * store. The server's message names the column or the index. The error's other properties may contain the text, and are
 * left out.
 */
export function tooLong({ name }: Table, { message }: Error): InvalidSettingError {
  return new InvalidSettingError(
    'attributes',
    `must return values that the columns of ${name} can hold, but a text is too long for its column or that column's ` +
      'index, which the cause names: shorten it in `attributes`.',
    { cause: new Error(message) },
  )
}

function notHeld({ attribute, type }: FiledColumn): InvalidSettingError {
  return new InvalidSettingError(
    `attributes.${attribute}`,
    `must return ${held[type]}, null or undefined: \`columns.${attribute}.type\` is '${type}'.`,
  )
}
