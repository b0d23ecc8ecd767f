import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { withoutQuotations } from '../src/engine/without-quotations.ts'

const PAYLOAD = '{"card":"4111-1111-1111-1111","user":"ada","theme":"dark"}'
const KEY = 'abcdefghijklmnopqrstuvwxyz012345'

const failing = (message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { code: 'E_DRIVER' }, more)

const EMOJI = '{"card":"4111-1111-\u{1F4B3}"}'

const cleaned = (cause: unknown): unknown => withoutQuotations(cause, [KEY, PAYLOAD, EMOJI])

describe('a store’s error', () => {
  it.each([
    failing('connection refused'),
    failing('no', { cause: failing('deeper'), errno: -111 }),
    new AggregateError([failing('one'), failing('two')]),
    'a text',
    undefined,
    null,
  ])('is unchanged if it quotes nothing: %o', (cause) => {
    expect(cleaned(cause)).toBe(cause)
  })

  it.each<[where: string, cause: unknown]>([
    ['the message', failing(`cannot store ${PAYLOAD} now`)],
    ['a part of the message', failing(`Failing row contains (1, ${PAYLOAD.slice(0, 40)}...)`)],
    ['JSON in the message', failing(`cannot send ${JSON.stringify(['set', PAYLOAD])}`)],
    ['the key in the message', failing(`open '/sessions/${KEY}.json'`)],
    [
      'the arguments of a command',
      failing('OOM', { command: { name: 'set', args: ['k', PAYLOAD] } }),
    ],
    ['a detail', failing('check violated', { detail: `(${KEY}, 1)` })],
    ['the name of a property', failing('no', { rows: { [KEY]: 1 } })],
    ['a cause', failing('no', { cause: failing(PAYLOAD) })],
    ['one error of an AggregateError', new AggregateError([failing('one'), failing(PAYLOAD)])],
    [
      'a property that is not enumerable',
      Object.defineProperty(failing('no'), 'sent', { value: [PAYLOAD] }),
    ],
    ['another way', failing('Incorrect value: {"card":"4111-1111-?"}')],
    ['a thrown string', `cannot store ${PAYLOAD}`],
    ['a thrown object', { sent: PAYLOAD }],
  ])('is replaced if it quotes a payload or a key in %s', (_, cause) => {
    const shown = inspect(cleaned(cause), { depth: 9, showHidden: true })

    expect(shown).not.toContain('4111')
    expect(shown).not.toContain(KEY)
  })

  it('is replaced if it holds bytes, which may be a quotation', () => {
    const packet = new TextEncoder().encode(PAYLOAD)

    expect(cleaned(failing('no', { packet }))).not.toHaveProperty('packet')
  })

  it('is replaced, and looked through no further, if it holds more than a thousand values', () => {
    const rows = Array.from({ length: 1001 }, () => 0)
    const looks = vi.spyOn(Reflect, 'ownKeys')

    const shown = cleaned(failing('no', { rows, of: Object.fromEntries(rows.entries()) }))

    expect(shown).not.toHaveProperty('rows')
    expect(looks).not.toHaveBeenCalledWith(rows)
    looks.mockRestore()
  })

  it('keeps name, message, code, stack frames and other primitives', () => {
    const cause = new RangeError(`too large: ${PAYLOAD}`)
    Object.assign(cause, { code: 'E2BIG', errno: 7, fatal: false, args: [PAYLOAD], sql: PAYLOAD })

    const shown = cleaned(cause) as Error

    expect(shown).toMatchObject({ name: 'RangeError', message: 'too large: …', code: 'E2BIG' })
    expect(shown).toMatchObject({ errno: 7, fatal: false })
    expect(shown).not.toHaveProperty('args')
    expect(shown).not.toHaveProperty('sql')
    expect(shown.stack).toMatch(/^RangeError: too large: …\n\s+at /)
  })

  it('is replaced if it refers to too many values to check', () => {
    const cause = failing('no', {
      client: { pending: Array.from({ length: 2000 }, (_, i) => `${i}`) },
    })

    expect(cleaned(cause)).toMatchObject({ message: 'no', code: 'E_DRIVER' })
    expect(cleaned(cause)).not.toHaveProperty('client')
  })

  it('may be circular', () => {
    const cause: Error & { self?: unknown } = failing('no')
    cause.self = cause

    expect(cleaned(cause)).toBe(cause)
  })
})
