import { InvalidSettingError } from '@sessions/core'
import { versions } from './versions.ts'

/** Whose table it is: one of the engine's own, or Django's. */
export type Layout = 'own' | 'django'

/** The names of the columns that every table has. */
export interface BaseColumns {
  readonly id: string
  readonly data: string
  readonly deadline: string
  /** Without a column of its own, that of the data: the loaded data is compared with the stored data. */
  readonly version: string
}

/** The columns of each layout. */
export const layouts: Readonly<Record<Layout, BaseColumns>> = {
  own: { id: 'id', data: 'data', deadline: 'expires_at', version: 'version' },
  django: {
    id: 'session_key',
    data: 'session_data',
    deadline: 'expire_date',
    version: 'session_data',
  },
}

/** The longest key that fits into Django's column. */
const LONGEST_KEY = 40

/**
 * Checks the id of a record that is to be created. A database that does not check its length, such as SQLite, would
 * store sessions that Django never finds.
 *
 * @throws {InvalidSettingError} when it is not a key of Django's, but a digest.
 */
export function checkId(layout: Layout, id: string): void {
  if (layout === 'own' || id.length <= LONGEST_KEY) return
  throw new InvalidSettingError(
    'layout',
    "is 'django', and the manager files sessions under digests of their keys: spread `djangoSettings({ secretKey })` " +
      'into its settings.',
  )
}

/** Makes the version of a record that is about to be written. */
export function versionsOf(layout: Layout): (data: string) => string {
  return layout === 'django' ? (data) => data : versions()
}

/** The version as a value to be written, if there is a column for it. */
export function versionValues(layout: Layout, version: string): readonly string[] {
  return layout === 'django' ? [] : [version]
}

/**
 * A time as Django writes it if the database has no type for it, or a type without a zone: in UTC, and without the
 * fraction if that is zero. Such texts are ordered as the times are.
 */
export function djangoTime(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString().slice(0, -1).replace('T', ' ')
  return milliseconds % 1000 === 0 ? text.slice(0, -4) : `${text}000`
}

/** A time as Django reads it: a date, perhaps with a time, whose seconds, fraction and zone may be missing. */
const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,6}))?)? ?(?:Z|([+-]\d\d):?(\d\d)?)?)?$/

/** Such a text as epoch milliseconds, rounded down; NaN if it is not a time. Without a zone it is in UTC. */
export function readDjangoTime(text: string): number {
  const [, day, time = '00:00', seconds = '00', fraction = '', hours, minutes = '00'] =
    TIME.exec(text) ?? []
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`
  return (
    Date.parse(`${day}T${time}:${seconds}${zone}`) + Number(fraction.slice(0, 3).padEnd(3, '0'))
  )
}

/** Only Django makes its table. */
export function djangoTableMissing(name: string): InvalidSettingError {
  return new InvalidSettingError(
    'layout',
    `is 'django', and the database has no table ${name} with Django's columns and those of \`columns\`: run Django's ` +
      '`manage.py migrate`, or the statements of migrationSql() where there is no Django any more.',
  )
}
