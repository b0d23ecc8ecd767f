import { InvalidSettingError } from '@sessions/core'
import { versions } from './versions.ts'

/** Whose table it is: one of the engine's own, or Django's. */
export type Layout = 'own' | 'django'

/** The names of the columns that every table has. */
export interface BaseColumns {
  readonly id: string
  readonly data: string
  readonly deadline: string
  /** The same as `data` in a layout without versions: the loaded data is then compared with the stored data. */
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
 * Checks the id of a record before it is created. A database that does not check the length, such as SQLite, would
 * store sessions that Django never finds.
 *
 * @throws {InvalidSettingError} when it is a digest, and the layout needs a key of Django's.
 */
export function checkId(layout: Layout, id: string): void {
  if (layout === 'own' || id.length <= LONGEST_KEY) return
  throw new InvalidSettingError(
    'layout',
    "is 'django', but the manager stores sessions under digests of their keys: spread `djangoSettings({ secretKey })` " +
      'into its settings.',
  )
}

/** Returns a function that makes the version of a record that is about to be written. */
export function versionsOf(layout: Layout): (data: string) => string {
  return layout === 'django' ? (data) => data : versions()
}

/** The version as a value to write, if there is a column for it. */
export function versionValues(layout: Layout, version: string): readonly string[] {
  return layout === 'django' ? [] : [version]
}

/**
 * A time as Django writes it where the database has no type for times, or one without a zone: in UTC, and without the
 * fraction if that is zero. The texts sort like the times.
 */
export function djangoTime(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString().slice(0, -1).replace('T', ' ')
  return milliseconds % 1000 === 0 ? text.slice(0, -4) : `${text}000`
}

/** A time as Django reads it: a date with an optional time, whose seconds, fraction and zone are optional. */
const TIME =
  /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,6}))?)? ?(?:Z|([+-]\d\d):?(\d\d)?)?)?$/

/** Parses such a text to epoch milliseconds, rounded down; NaN if it is not a time. Without a zone, it is in UTC. */
export function readDjangoTime(text: string): number {
  const [, day, time = '00:00', seconds = '00', fraction = '', hours, minutes = '00'] =
    TIME.exec(text) ?? []
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`
  return (
    Date.parse(`${day}T${time}:${seconds}${zone}`) + Number(fraction.slice(0, 3).padEnd(3, '0'))
  )
}

/** The error of a missing or incomplete Django table, which only Django creates. */
export function djangoTableMissing(name: string): InvalidSettingError {
  return new InvalidSettingError(
    'layout',
    `is 'django', but the database has no table ${name} with Django's columns and those of \`columns\`: run Django's ` +
      '`manage.py migrate` or, if you no longer have Django, the statements of migrationSql().',
  )
}
