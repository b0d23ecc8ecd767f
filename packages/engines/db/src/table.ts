import { checkOptions, InvalidSettingError, type OptionKind } from '@sessions/core'
import { digest } from './digest.ts'
import { layouts, type Layout, type BaseColumns } from './layout.ts'

/** The column in which an attribute is stored. */
export interface AttributeColumn {
  /**
   * The column's name: letters, digits and underscores.
   *
   * @default the attribute's name
   */
  readonly name?: string | undefined

  /**
   * The type of the column, and of the attribute unless it is null: a string, an integer or a boolean. An integer
   * beyond 2^53 - 1, which JavaScript cannot represent, is passed as a string of its digits. A save with any other
   * value, or a text that is too long for the column or its index, throws, and `find` by such a value finds nothing.
   */
  readonly type: 'text' | 'integer' | 'boolean'

  /**
   * Whether the column gets an index, without which a search by it reads the whole table.
   *
   * @default false
   */
  readonly index?: boolean | undefined
}

/** The table of the sessions. */
export interface TableOptions {
  /**
   * The table's name: letters, digits and underscores.
   *
   * @default 'sessions', or 'django_session' in Django's layout
   */
  readonly table?: string | undefined

  /**
   * Whose table it is. `'django'` is the table of Django's sessions, which has no column for a version: a save compares
   * the loaded data with the stored data. Spread `djangoSettings` into the manager's settings as well.
   *
   * @default 'own'
   */
  readonly layout?: Layout | undefined

  /**
   * The columns of attributes that are stored beside the session, by the attribute's name. The `attributes` setting
   * computes the attributes; one without a column is not stored.
   *
   * @default {}
   * @example
   * { userId: { name: 'account_id', type: 'integer', index: true } }
   */
  readonly columns?: Readonly<Record<string, AttributeColumn>> | undefined
}

/** An attribute's column, with all defaults filled in. */
export interface FiledColumn {
  readonly attribute: string
  readonly name: string
  readonly type: AttributeColumn['type']
  readonly index: boolean
}

/** The table, as its checked options describe it. */
export interface Table {
  readonly name: string
  readonly layout: Layout
  /** The columns that every table has. */
  readonly base: BaseColumns
  readonly attributeColumns: readonly FiledColumn[]
}

/** The kinds of these options, for `checkOptions`. */
export const tableOptions: Readonly<Record<keyof TableOptions, OptionKind>> = {
  table: 'checked elsewhere',
  layout: 'checked elsewhere',
  columns: 'checked elsewhere',
}

/** A name that needs no escaping in any database, with at most PostgreSQL's 63 characters. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/

/**
 * Checks the options, and fills in the defaults.
 *
 * @throws {InvalidSettingError} when a name is invalid or used twice, or a column is invalid.
 */
export function tableOf({ layout = 'own', columns = {}, ...options }: TableOptions): Table {
  if (layout !== 'own' && layout !== 'django') {
    throw new InvalidSettingError('layout', "must be 'own' or 'django'.")
  }
  const { table = layout === 'django' ? 'django_session' : 'sessions' } = options
  checkName('table', table)
  const base = layouts[layout]
  const taken = new Set<string>(Object.values(base))
  if (!isObject(columns)) throw noColumn('columns', "{ userId: { type: 'text', index: true } }")
  const attributeColumns = Object.entries(columns).map(([attribute, column]) => {
    const setting = `columns.${attribute}`
    if (!isObject(column)) throw noColumn(setting, "{ type: 'text', index: true }")
    checkOptions(setting, column, {
      name: 'checked elsewhere',
      type: 'checked elsewhere',
      index: 'boolean',
    })
    const { name = attribute, type, index = false } = column
    checkName(`${setting}.name`, name)
    if (taken.has(name.toLowerCase())) {
      throw new InvalidSettingError(
        `${setting}.name`,
        `is ${name}, which is the name of another column: choose another one.`,
      )
    }
    if (type !== 'text' && type !== 'integer' && type !== 'boolean') {
      throw new InvalidSettingError(`${setting}.type`, "must be 'text', 'integer' or 'boolean'.")
    }
    taken.add(name.toLowerCase())
    return { attribute, name, type, index }
  })
  return { name: table, layout, base, attributeColumns }
}

/**
 * The column of an attribute by which to find sessions.
 *
 * @throws {InvalidSettingError} when it has none.
 */
export function columnOf(table: Table, attribute: string): FiledColumn {
  const column = table.attributeColumns.find((one) => one.attribute === attribute)
  if (column) return column
  throw new InvalidSettingError(
    `columns.${attribute}`,
    `is missing: to find sessions by ${attribute}, give the engine a column for it, as in ` +
      `{ columns: { ${attribute}: { type: 'text', index: true } } }, and run its migrate().`,
  )
}

/** An index's name, with at most PostgreSQL's 63 characters. */
export function indexName({ name }: Table, column: string): string {
  const whole = `${name}_${column}`
  return whole.length <= 63 ? whole : `${whole.slice(0, 48)}_${digest(whole)}`
}

/** The columns that have an index of their own. */
export function indexedColumns({ base, attributeColumns }: Table): readonly string[] {
  const indexed = attributeColumns.filter(({ index }) => index)
  return [base.deadline, ...indexed.map(({ name }) => name)]
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function noColumn(setting: string, example: string): InvalidSettingError {
  return new InvalidSettingError(setting, `must be an object such as ${example}.`)
}

function checkName(setting: string, name: unknown): void {
  if (typeof name === 'string' && NAME.test(name)) return
  throw new InvalidSettingError(
    setting,
    'must be a name of letters, digits and underscores that does not begin with a digit, up to 63 characters.',
  )
}
