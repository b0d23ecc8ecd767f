import { createSessions, InvalidSettingError } from '@sessions/core'
import Database from 'libsql'
import { afterEach, describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'
import { sqliteEngine } from '../src/sqlite.ts'
import { drivers, testFile, type TestFile } from './drivers.ts'
import { record } from './server.ts'

const database = new Database(':memory:')

/** Each engine, created without a server, and the names of its options. */
const engines: readonly (readonly [
  name: string,
  make: (options: unknown) => unknown,
  names: string,
])[] = [
  [
    'sqliteEngine',
    (options) => sqliteEngine(database, options as object),
    'table, layout, columns, busyTimeout, clock',
  ],
  [
    'postgresEngine',
    (options) => postgresEngine({ connect() {}, query() {} } as never, options as object),
    'table, layout, columns, timeout, prepare, clock',
  ],
  [
    'mysqlEngine',
    (options) => mysqlEngine({ promise() {}, getConnection() {} }, options as object),
    'table, layout, columns, timeout, clock',
  ],
]

type Misuse = readonly [options: unknown, message: RegExp]

describe.each(engines)('the options of %s', (name, make, names) => {
  it('must be an object with known names', () => {
    expect(() => make({})).not.toThrow()
    expect(() => make(null)).toThrow(InvalidSettingError)
    expect(() => make(null)).toThrow(
      `options of ${name} must be an object; valid names are ${names}.`,
    )
    expect(() => make('sessions')).toThrow(`options of ${name} must be an object`)
    expect(() => make({ tableName: 'visits' })).toThrow(
      `tableName is not an option of ${name}: valid names are ${names}.`,
    )
  })

  it.each([
    '',
    'a b',
    '1a',
    'a"b',
    'sessions; DROP TABLE users',
    'main.sessions',
    'x'.repeat(64),
    null,
  ])('refuse a table called %j', (table) => {
    expect(() => make({ table })).toThrow(/^table must be a name/)
  })

  it.each(['rails', '', null, ['own']])('refuse the layout %j', (layout) => {
    expect(() => make({ layout })).toThrow(/^layout must be 'own' or 'django'/)
  })

  it.each<Misuse>([
    [5, /^columns must be an object such as \{ userId: /],
    [null, /^columns must be an object/],
    [['userId'], /^columns must be an object/],
    [{ userId: 'text' }, /^columns\.userId must be an object such as \{ type: 'text'/],
    [{ userId: null }, /^columns\.userId must be an object/],
    [{ userId: { type: 'text', name: 'a b' } }, /^columns\.userId\.name must be a name/],
    [{ userId: { type: 'text', name: null } }, /^columns\.userId\.name must be a name/],
    [{ userId: { type: 'text', name: 'VERSION' } }, /^columns\.userId\.name is VERSION/],
    [{ a: { type: 'text' }, x: { type: 'text', name: 'A' } }, /^columns\.x\.name is A/],
    [{ userId: { type: 'json' } }, /^columns\.userId\.type must be 'text'/],
    [{ userId: {} }, /^columns\.userId\.type must be 'text'/],
    [
      { userId: { type: 'text', indexed: true } },
      /^indexed is not an option of columns\.userId: valid names are name, type, index/,
    ],
    [{ userId: { type: 'text', index: 'yes' } }, /^index must be true or false/],
  ])('refuse the columns %j', (columns, message) => {
    expect(() => make({ columns })).toThrow(message)
  })

  it.each([{}, null, () => 0])('refuse the clock %o', (clock) => {
    expect(() => make({ clock })).toThrow(/^clock must have a method `now`/)
  })
})

describe('the options of sqliteEngine', () => {
  it('refuse a batchSize that is not a whole number', async () => {
    await expect(sqliteEngine(database).clearExpired({ batchSize: 0 })).rejects.toThrow(
      /^batchSize must be/,
    )
  })

  it.each([-1, Number.NaN, '5000', '0; DROP TABLE users', null])(
    'refuse a busyTimeout of %j',
    (busyTimeout) => {
      expect(() => sqliteEngine(database, { busyTimeout: busyTimeout as never })).toThrow(
        /^busyTimeout must be a number of milliseconds/,
      )
    },
  )
})

describe('the options of postgresEngine', () => {
  it('refuse a prepare that is not a boolean', () => {
    const [, make] = engines[1] ?? []
    expect(() => make?.({ prepare: 'no' })).toThrow(/^prepare must be true or false/)
  })
})

describe.each(drivers)('sqliteEngine over %s', (driver) => {
  let file: TestFile | undefined
  afterEach(() => file?.remove())

  it.each([
    [0, 0],
    [0.5, 1],
    [300, 300],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, 2 ** 31 - 1],
    [1e21, 2 ** 31 - 1],
    [Infinity, 2 ** 31 - 1],
  ])('sets a busyTimeout of %s as %s in SQLite', async (busyTimeout, milliseconds) => {
    file = testFile(driver)
    const connection = file.connect()
    await sqliteEngine(connection, { busyTimeout }).migrate()
    const row = connection.prepare('PRAGMA busy_timeout').get() as object
    expect(Object.values(row)[0]).toBe(milliseconds)
  })

  it("stores no session in Django's table under the digest of its key, which Django would never find", async () => {
    file = testFile(driver)
    const connection = file.connect()
    const engine = sqliteEngine(connection, { layout: 'django' })
    for (const statement of engine.migrationSql()) connection.exec(statement)

    const session = createSessions<{ user: string }>({ engine }).open()
    session.set('user', 'ada')
    await expect(session.save()).rejects.toMatchObject({
      code: 'INVALID_SETTING',
      message: expect.stringMatching(/^layout is 'django'.*spread `djangoSettings/) as string,
    })
    expect(engine.create('k'.repeat(40), record('{}'))).toMatchObject({ status: 'saved' })
  })
})
