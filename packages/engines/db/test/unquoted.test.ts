import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { unquoted } from '../src/unquoted.ts'

const driverError = (message: string, more: object): Error =>
  Object.assign(new Error(message), more)

describe("a driver's error", () => {
  it.each([
    ['is no error', 'refused'],
    [
      'is about a connection',
      driverError('connect ECONNREFUSED', {
        code: 'ECONNREFUSED',
        errno: -111,
        syscall: 'connect',
        address: '::1',
        port: 5432,
      }),
    ],
    [
      'contains several errors',
      Object.assign(new AggregateError([new Error('refused')]), { code: 'ECONNREFUSED' }),
    ],
    [
      'contains a value only as an ordinary word',
      driverError("Access denied for user 'sessions'", { code: 'ER_ACCESS_DENIED_ERROR' }),
    ],
  ])('is left unchanged if it %s', (_, failure) => {
    expect(unquoted(failure, ['user', null, true, 42, ''])).toBe(failure)
  })

  it('keeps its name, message, stack, code and constraint, but not its detail', () => {
    const failure = driverError('refused', { code: '23505', constraint: 'mail', detail: 'ada' })
    failure.name = 'PostgresError'

    const bare = unquoted(failure, ['ada'])
    expect(bare).toMatchObject({
      name: 'PostgresError',
      message: 'refused',
      code: '23505',
      constraint: 'mail',
      stack: failure.stack,
    })
    expect(bare).not.toHaveProperty('detail')
  })

  it.each([
    ["Duplicate entry 'ada' for key 'mail'", "Duplicate entry '…"],
    ["Duplicate entry '42-ada' for key 'mail'", "Duplicate entry '…"],
    ['invalid input syntax for type uuid: "ada"', 'invalid input syntax for type uuid: "…'],
    ["of an ada, 'ada'", "of an ada, '…"],
    [`refused: no ${'long '.repeat(20)}`, 'refused: no …'],
    [`Incorrect value: '${'long '.repeat(10)}`, "Incorrect value: '…"],
  ])('is truncated before the value that its message quotes: %s', (message, cut) => {
    const failure = driverError(message, { errno: 1062 })
    const bare = unquoted(failure, ['ada', 42, 'long '.repeat(20)])
    expect(bare).toMatchObject({ message: cut, errno: 1062 })
    expect((bare as Error).stack).not.toContain(message)
  })

  it.each([
    ['ada \u{1f600} lovelace', "Duplicate entry 'ada ? lovelace'", "Duplicate entry '…"],
    ['\u{1f600}ada', "Duplicate entry '?ada'", "Duplicate entry '?…"],
    ['ada\u0001lovelace', "Duplicate entry 'ada\\0001lovelace'", "Duplicate entry '…"],
    [`${'ada '.repeat(5)}ada\u{1f600}`, `Data: '${'ada '.repeat(5)}ada?'`, "Data: '…"],
  ])('is truncated before the value %j, of which the server quotes %j', (value, message, cut) => {
    expect(unquoted(driverError(message, {}), [value])).toMatchObject({ message: cut })
  })

  it('of another realm, as in Jest, is made safe as well', () => {
    const failure = Object.assign(runInNewContext('new Error("key: \'ada\'")'), {
      code: '23505',
      parameters: ['ada'],
    })
    const bare = unquoted(failure, ['ada'])
    expect(bare).toMatchObject({ name: 'Error', message: "key: '…", code: '23505' })
    expect(bare).not.toHaveProperty('parameters')
  })

  it('loses the quotations of its cause as well', () => {
    const failure = new Error('refused', { cause: driverError("'ada'", { params: ['ada'] }) })
    const bare = unquoted(failure, ['ada'])
    expect(bare).toMatchObject({ message: 'refused', cause: { message: "'…" } })
    expect((bare as Error).cause).not.toHaveProperty('params')
  })
})
