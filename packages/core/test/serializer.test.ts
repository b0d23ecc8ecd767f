import { Buffer } from 'node:buffer'
import vm from 'node:vm'
import { describe, expect, it } from 'vitest'
import { SessionSerializationError } from '../src/errors.ts'
import { jsonSerializer } from '../src/payload/serializer.ts'
import { caught, site } from './support/site.ts'
import { fc } from './support/fast-check.ts'

class Money {
  readonly amount = 1
}

/** An instance of a class without a name. */
const nameless: unknown = Object.create(Object.create({ constructor: undefined }) as object)

const circle: Record<string, unknown> = { name: 'circle' }
circle.list = [{ back: circle }]

describe('jsonSerializer', () => {
  it.each<[path: string, value: unknown]>([
    ['cart[2].price is a BigInt', { cart: [{}, {}, { price: 1n }] }],
    ['a is NaN', { a: Number.NaN }],
    ['a is Infinity', { a: Number.POSITIVE_INFINITY }],
    ['a.b is -Infinity', { a: { b: Number.NEGATIVE_INFINITY } }],
    ['f is a function', { f: () => 1 }],
    ['f is a function', { f: Money }],
    ['s is a symbol', { s: Symbol('s') }],
    ['a[1] is undefined', { a: [1, undefined] }],
    ['a[1] is undefined', { a: vm.runInNewContext('[1,,3]') }],
    ['when is an instance of Date', { when: new Date(0) }],
    ['m is an instance of Map', { m: new Map() }],
    ['m is an instance of Set', { m: new Set() }],
    ['m is an instance of WeakMap', { m: new WeakMap() }],
    ['r is an instance of RegExp', { r: /x/ }],
    ['price is an instance of Money', { price: new Money() }],
    ['e is an instance of Error', { e: new Error('e') }],
    ['p is an instance of Promise', { p: Promise.resolve() }],
    ['u is an instance of URL', { u: new URL('http://example.com') }],
    ['b is an instance of Buffer', { b: Buffer.from('b') }],
    ['b is an instance of Uint8Array', { b: new Uint8Array(1) }],
    ['b is an instance of ArrayBuffer', { b: new ArrayBuffer(1) }],
    ['n is an instance of Number', { n: Object(1) }],
    ['s is an instance of String', { s: Object('s') }],
    ['d is an instance of Date', { d: vm.runInNewContext('new Date(0)') }],
    ['m is an instance of Map', { m: vm.runInNewContext('new Map()') }],
    ['x is an instance of a class', { x: nameless }],
    ['list[0].back is a reference to an object that contains it', circle],
    ['["a b"].c["0"].__proto__ is a BigInt', JSON.parse('{"a b":{"c":{"0":{"__proto__":1}}}}')],
    ['the value is undefined', undefined],
    ['the value is a BigInt', 1n],
    ['["größe"]["2 m"] is a BigInt', { größe: { '2 m': 1n } }],
    ['users["…"].at is a BigInt', { users: { 'ada@example.com': { at: 1n } } }],
    ['["…"] is a BigInt', { [`a${'1'.repeat(31)}`]: 1n }],
    ['[0][1] is a BigInt', [[0, 1n]]],
    ['toJSON is a function', { toJSON: () => 1 }],
  ])('says that %s', (path, value) => {
    const refused = path.includes('__proto__') ? withBigInt(value) : value

    expect(() => jsonSerializer.dumps(refused)).toThrow(SessionSerializationError)
    expect(() => jsonSerializer.dumps(refused)).toThrow(
      `The session cannot be stored: ${path}. Store a value that JSON can represent, or set another \`serializer\`.`,
    )
  })

  it('leaves out a property that is undefined, as JSON does', () => {
    expect(jsonSerializer.dumps({ a: undefined, b: 1 })).toBe('{"b":1}')
  })

  it('accepts objects without a prototype, and those of another realm', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 })

    expect(jsonSerializer.dumps(bare)).toBe('{"a":1}')
    expect(jsonSerializer.dumps(vm.runInNewContext('({ a: [{ b: 1 }] })'))).toBe('{"a":[{"b":1}]}')
  })

  it('leaves out what an object inherits, as JSON does', () => {
    const heir = Object.create(Object.assign(Object.create(null) as object, { f: () => 1, n: 1n }))

    expect(jsonSerializer.dumps({ heir: Object.assign(heir as object, { a: 1 }) })).toBe(
      '{"heir":{"a":1}}',
    )
  })

  it('accepts the same object in several places', () => {
    const shared = { a: 1 }

    expect(jsonSerializer.dumps({ x: shared, y: [shared, shared] })).toBe(
      '{"x":{"a":1},"y":[{"a":1},{"a":1}]}',
    )
  })

  it('accepts keys such as __proto__ and toString', () => {
    const text = '{"1":0,"__proto__":{"a":1},"constructor":2,"toString":3}'

    const value = jsonSerializer.loads(text)

    expect(jsonSerializer.dumps(value)).toBe(text)
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  it('rejects values that are nested too deeply, with SessionSerializationError', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 100_000; depth++) deep = [deep]

    expect(() => jsonSerializer.dumps(deep)).toThrow(SessionSerializationError)
    expect(() => jsonSerializer.dumps(deep)).toThrow(/nested too deeply/)
  })

  it('accepts deeply nested values', () => {
    const text = `${'['.repeat(500)}1${']'.repeat(500)}`

    expect(jsonSerializer.dumps(jsonSerializer.loads(text))).toBe(text)
  })

  it('passes on an error that a getter throws', () => {
    const value = {
      get a() {
        throw new TypeError('not now')
      },
    }

    expect(() => jsonSerializer.dumps(value)).toThrow(new TypeError('not now'))
  })

  it('round-trips whatever JSON can represent', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(!hasMinusZero(value))

        expect(jsonSerializer.loads(jsonSerializer.dumps(value))).toEqual(value)
      }),
    )
  })

  it('either rejects a value or restores it', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    fc.assert(
      fc.property(anything, (value) => {
        const text = textOf(value)
        // JSON has no minus zero.
        fc.pre(text !== undefined && !hasMinusZero(value))

        expect(jsonSerializer.loads(text)).toEqual(value)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a value that cannot be stored', () => {
  it('fails the commit with its path, stores nothing and sends no cookie', async () => {
    const { engine, manager } = site()
    const session = manager.open()
    session.data.cart = [{ price: 1n }]

    const error = await caught(() => manager.commit(session, { status: 200 }))

    expect(error).toMatchObject({ code: 'SESSION_SERIALIZATION', status: 500 })
    expect(String(error)).toContain('cart[0].price is a BigInt')
    expect(engine.calls).toEqual([])
  })

  it('fails the commit, not modify()', async () => {
    const { manager } = site()
    const session = manager.open()

    expect(session.modify('price', () => 1n)).toBe(1n)
    const error = await caught(() => manager.commit(session, { status: 200 }))

    expect(String(error)).toContain('price is a BigInt')
  })

  it('does not fail a response that saves nothing', async () => {
    const { visit } = site()

    const answer = await visit({ status: 500 }, (session) => (session.data.price = 1n))

    expect(answer.setCookie).toEqual([])
  })

  it('can be a reserved key that was assigned through data', async () => {
    const { visit } = site()

    const error = await caught(() =>
      visit({}, (session) => (session.data._session_successor = 'x')),
    )

    expect(error).toBeInstanceOf(SessionSerializationError)
    expect(String(error)).toContain('_session_successor is reserved')
  })
})

/** The text of a value, or undefined if the serializer rejects it; fails on any other error. */
function textOf(value: unknown): string | undefined {
  try {
    return jsonSerializer.dumps(value)
  } catch (error) {
    if (error instanceof SessionSerializationError) return undefined
    throw error
  }
}

function hasMinusZero(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return Object.is(value, -0)
  return Object.values(value).some(hasMinusZero)
}

function withBigInt(value: unknown): unknown {
  const inner = (value as { 'a b': { c: [Record<string, unknown>] } })['a b'].c[0]
  Object.defineProperty(inner, '__proto__', { value: 1n, enumerable: true })
  return value
}
