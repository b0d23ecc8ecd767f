import { InvalidSettingError } from '@sessions/core'
import { djangoTableMissing } from './layout.ts'
import type { AttributeColumn, Table } from './table.ts'

/** The type of a column that is there. */
export interface PresentType {
  /** What the database calls it. */
  readonly name: string
  /** What attributes may be that such a column is for. */
  readonly holds: readonly AttributeColumn['type'][]
}

/** What a database has by a table's name. */
export interface Present {
  /** Whether there is such a table. */
  readonly isThere: boolean
  /** The type of a column, or undefined where there is none of that name. */
  readonly typeOf: (column: string) => PresentType | undefined
}

/**
 * Looks at a table that is there, or not.
 *
 * @returns whether something may be missing that is to be made.
 * @throws {InvalidSettingError} when it is a table of another kind, or Django's and not complete, or a column of `columns`
 * is there with another type.
 */
export function isToBeMade(table: Table, present: Present): boolean {
  const { own, filed, layout, name } = table
  const has = (column: string): boolean => present.typeOf(column) !== undefined
  // A column of `columns` may be missing in a table of ours: it can be added.
  const isOurs = Object.values(own).every(has)
  if (layout === 'django') {
    if (!isOurs || !filed.every((column) => has(column.name))) throw djangoTableMissing(name)
  } else if (present.isThere && !isOurs) {
    throw new InvalidSettingError(
      'table',
      `is ${name}, and the database has a table of that name with other columns: choose another name.`,
    )
  }
  checkTypes(table, present)
  return layout === 'own'
}

/** A column of another type would refuse what is filed, or keep it as something that nobody finds. */
function checkTypes({ name, filed }: Table, { typeOf }: Present): void {
  for (const { attribute, name: column, type } of filed) {
    const present = typeOf(column)
    if (present === undefined || present.holds.includes(type)) continue
    throw new InvalidSettingError(
      `columns.${attribute}.type`,
      `is '${type}', and the table ${name} has a column ${column} of the type ${present.name}: ` +
        'say what that holds, or choose another name for the column.',
    )
  }
}
