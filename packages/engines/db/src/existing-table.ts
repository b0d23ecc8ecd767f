import { InvalidSettingError } from '@sessions/core'
import { djangoTableMissing } from './layout.ts'
import type { AttributeColumn, Table } from './table.ts'

/** The type of an existing column. */
export interface ExistingType {
  /** The database's name for it. */
  readonly name: string
  /** The types of attributes that such a column can hold. */
  readonly holds: readonly AttributeColumn['type'][]
}

/** What the database already has under the table's name. */
export interface ExistingTable {
  readonly exists: boolean
  /** The type of a column, or undefined if there is no column of that name. */
  readonly typeOf: (column: string) => ExistingType | undefined
}

/**
 * Checks that a table can be migrated to, whether it exists or not.
 *
 * @throws {InvalidSettingError} when the table has other columns, a column of `columns` has a type that cannot hold its
 * attribute, or the table is Django's and not complete.
 */
export function checkExisting(table: Table, existing: ExistingTable): void {
  const { base, attributeColumns, layout, name } = table
  const has = (column: string): boolean => existing.typeOf(column) !== undefined
  const hasBase = Object.values(base).every(has)
  if (layout === 'django') {
    const isComplete = hasBase && attributeColumns.every((column) => has(column.name))
    if (!isComplete) throw djangoTableMissing(name)
  } else if (existing.exists && !hasBase) {
    throw new InvalidSettingError(
      'table',
      `is ${name}, but the database has a table of that name with other columns: choose another name.`,
    )
  }
  checkTypes(table, existing)
}

/** A column of another type would refuse the attribute, or convert it to a value that `find` does not find. */
function checkTypes({ name, attributeColumns }: Table, { typeOf }: ExistingTable): void {
  for (const { attribute, name: column, type } of attributeColumns) {
    const existing = typeOf(column)
    if (existing === undefined || existing.holds.includes(type)) continue
    throw new InvalidSettingError(
      `columns.${attribute}.type`,
      `is '${type}', but the table ${name} has a column ${column} of the type ${existing.name}: ` +
        'use a type that this column can hold, or choose another name for the column.',
    )
  }
}
