import { describe, expect, it } from 'vitest'
import { postgresEngine, type DatabaseEngine, type PostgresConnection } from '../src/postgres.ts'

/** An engine over a `Pool` of pg whose connections reply with an error, and whether each of them was closed. */
function failing(error: object): { readonly engine: DatabaseEngine; readonly closed: unknown[] } {
  const closed: unknown[] = []
  const connection = {
    query: (_statement, _values, done) => done(Object.assign(new Error('refused'), error)),
    on: () => undefined,
    off: () => undefined,
    release: (isBroken) => void closed.push(isBroken),
  } satisfies PostgresConnection
  const pool = {
    totalCount: 1,
    query: () => undefined,
    connect: (done: (error: unknown, one: PostgresConnection) => void) => done(null, connection),
  }
  return { engine: postgresEngine(pool), closed }
}

describe('a connection of pg', () => {
  it.each([
    ['in English', 'ERROR', '57014'],
    ['in German', 'FEHLER', '57014'],
    ['in Russian', 'ОШИБКА', '40001'],
  ])('goes back to the pool after an error of the statement %s', async (_, severity, code) => {
    const { engine, closed } = failing({ severity, code })
    await expect(engine.load('id')).rejects.toMatchObject({ code })
    expect(closed).toEqual([false])
  })

  it.each([
    ['ends it', { severity: 'FATAL', code: '40001' }],
    ['shuts down', { severity: 'FATAL', code: '57P01' }],
    ['shuts down, in Russian', { severity: 'ВАЖНО', code: '57P01' }],
    ['has lost the protocol, in Russian', { severity: 'ВАЖНО', code: '08P01' }],
    ['is read-only, in German', { severity: 'FEHLER', code: '25006' }],
    ['does not reply', { code: 'ECONNRESET' }],
  ])('is closed if the server %s', async (_, error) => {
    const { engine, closed } = failing(error)
    await expect(engine.load('id')).rejects.toMatchObject({ code: error.code })
    expect(closed).toEqual([true])
  })
})
