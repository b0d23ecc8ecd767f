import { describe, expect, it } from 'vitest'
import { mysqlEngine } from '../src/mysql.ts'
import { postgresEngine } from '../src/postgres.ts'

describe('the client', () => {
  it.each([undefined, null, {}, 'postgres://localhost/shop', () => undefined])(
    'is refused where it is %s',
    (client) => {
      expect(() => postgresEngine(client as never)).toThrow(/^client must be a Pool of pg/)
      expect(() => mysqlEngine(client as never)).toThrow(/^client must be a pool of mysql2/)
    },
  )
})
