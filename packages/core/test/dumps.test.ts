import { Buffer } from 'node:buffer'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BadSignatureError, InvalidSettingError, SessionSerializationError } from '../src/errors.ts'
import { MAX_INFLATED_BYTES } from '../src/signing/signed-payload.ts'
import { dumps, loads, TimestampSigner } from '../src/signing/signing.ts'
import { fc } from './support/fast-check.ts'
import { at, secretKey, thrownBy } from './support/signatures.ts'

const signedPayload = (payload: string) =>
  new TimestampSigner({ secretKey, salt: 'django.core.signing' }).sign(payload)
const compressed = (text: string) => `.${zlib.deflateSync(text).toString('base64url')}`

describe('dumps and loads', () => {
  const clock = at(1_700_000_000)
  const values: unknown[] = [
    ['a', 'tuple'],
    'a string \u2019',
    { a: 'dictionary' },
    { ['__proto__' as string]: 1, nested: { list: [1, 2.5, true, null] } },
    { text: '\u0000\u001f\u007f\u2028\ud800 \u{1f511} "\\/' },
    { long: 'x'.repeat(5000) },
  ]

  it.each([false, true])('round-trip a value (compress: %s)', (compress) => {
    for (const value of values) {
      const text = dumps(value, { secretKey, compress, clock })

      expect(text).toMatch(/^\.?[A-Za-z0-9_-]+:1r31eq:[A-Za-z0-9_-]{43}$/)
      expect(loads(text, { secretKey, clock, maxAge: 0 })).toEqual(value)
    }
  })

  it('do not compress by default', () => {
    expect(dumps({ long: 'x'.repeat(500) }, { secretKey })).not.toMatch(/^\./)
  })

  it('round-trip any JSON value', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (json, compress) => {
        const value: unknown = JSON.parse(json)

        const text = dumps(value, { secretKey, compress })

        expect(JSON.stringify(loads(text, { secretKey }))).toBe(JSON.stringify(value))
      }),
    )
  })

  it('write ASCII only, escaped as Python does', () => {
    const [payload = ''] = dumps('\u007f\u00e9\u{1f511}/ ~', { secretKey }).split(':')

    expect(Buffer.from(payload, 'base64url').toString('latin1')).toBe(
      '"\\u007f\\u00e9\\ud83d\\udd11/ ~"',
    )
  })

  it.each<[string, (text: string) => string]>([
    ['another payload', (text) => text.replace(/^[^:]+/, 'YXYX')],
    ['an additional character', (text) => `${text}a`],
    ['a leading dot', (text) => `.${text}`],
    ['another timestamp', (text) => text.replace(':1r31eq:', ':1r31er:')],
    ['no timestamp', (text) => text.replace('1r31eq:', '')],
  ])('detect tampering: %s', (_what, tamper) => {
    const text = dumps({ foo: 'bar', baz: 1 }, { secretKey, clock })

    expect(() => loads(tamper(text), { secretKey })).toThrow(BadSignatureError)
  })

  it('reject text of another salt', () => {
    const text = dumps('abc', { secretKey, salt: 'one' })

    expect(loads(text, { secretKey, salt: 'one' })).toBe('abc')
    expect(() => loads(text, { secretKey, salt: 'two' })).toThrow(BadSignatureError)
    expect(() => loads(text, { secretKey })).toThrow(BadSignatureError)
  })

  it('accept earlier secrets', () => {
    const text = dumps('abc', { secretKey: 'old' })

    expect(loads(text, { secretKey: 'new', secretKeyFallbacks: ['old'] })).toBe('abc')
    expect(() => loads(text, { secretKey: 'new' })).toThrow(BadSignatureError)
  })

  it('reject an unknown option: with a misspelled `maxAge`, nothing would expire', () => {
    const misspelled = { secretKey, max_age: 10 }

    expect(() => dumps('abc', misspelled)).toThrow(/^max_age is not an option of dumps: /)
    expect(() => loads(dumps('abc', { secretKey }), misspelled)).toThrow(
      /^max_age is not an option of loads: /,
    )
  })

  it('accept the options of each other, so that both can be passed the same object', () => {
    const options = { secretKey, compress: true, maxAge: 10 }

    expect(loads(dumps('abc', options), options)).toBe('abc')
  })

  it('reject an empty secret', () => {
    expect(() => dumps('abc', { secretKey: '' })).toThrow(InvalidSettingError)
    expect(() => loads('abc', { secretKey: '' })).toThrow(InvalidSettingError)
  })

  it.each([
    undefined,
    () => 1,
    Symbol('s'),
    10n,
    circle(),
    NaN,
    { until: Infinity },
    [-Infinity],
    new Date(0),
    { seen: new Set([1]) },
    [undefined],
  ])('reject %o, which JSON cannot represent or would change', (value) => {
    expect(() => dumps(value, { secretKey })).toThrow(SessionSerializationError)
  })

  it.each([
    ['text that is not base64', 'not base64!'],
    ['an empty payload', ''],
    ['only a dot', '.'],
    ['two dots', '..'],
    ['base64 of text that is not JSON', 'aGVsbG8'],
    ['base64 of truncated JSON', Buffer.from('{"a":').toString('base64url')],
    ['a dot before uncompressed data', '.eyJhIjoxfQ'],
    ['truncated compressed data', compressed('x'.repeat(99)).slice(0, -4)],
    ['compressed data that is not JSON', compressed('hello')],
    ['JSON nested too deep for some parsers', Buffer.from('['.repeat(1e6)).toString('base64url')],
  ])('reject a valid signature over %s, and say why', (_what, payload) => {
    const error = thrownBy(() => loads(signedPayload(payload), { secretKey }))

    expect(error).toBeInstanceOf(BadSignatureError)
    expect((error as Error).cause).toBeInstanceOf(Error)
  })

  it('reject a payload that inflates to more than 16 MiB', () => {
    const most = `"${'x'.repeat(MAX_INFLATED_BYTES - 2)}"`

    expect(loads(signedPayload(compressed(most)), { secretKey })).toHaveLength(most.length - 2)
    expect(() => loads(signedPayload(compressed(`${most} `)), { secretKey })).toThrow(
      BadSignatureError,
    )
  })

  it('do not compress a payload that is too large to be inflated again', () => {
    const value = 'x'.repeat(MAX_INFLATED_BYTES)

    const text = dumps(value, { secretKey, compress: true })

    expect(text.startsWith('.')).toBe(false)
    expect(loads(text, { secretKey }) === value).toBe(true)
  })

  it('reject any text with BadSignatureError', () => {
    const unit = fc.oneof(
      fc.constantFrom(':', '.', '-', '=', 'e', 'J', '0'),
      fc.string({ unit: 'binary', maxLength: 1 }),
      fc.constantFrom('\ud800', '\udc00'),
    )
    fc.assert(
      fc.property(fc.string({ unit }), fc.boolean(), (text, signed) => {
        const signs = signed && !/[\ud800-\udfff]/u.test(text)
        const read = () => loads(signs ? signedPayload(text) : text, { secretKey })

        // A random payload may happen to be JSON. Whatever is thrown must be of this class.
        expect(thrownBy(read) ?? new BadSignatureError('')).toBeInstanceOf(BadSignatureError)
      }),
      { numRuns: 1000 },
    )
  })

  it('throw errors without values and secrets', () => {
    const secret = 'top-secret-key'
    const signer = new TimestampSigner({
      secretKey: secret,
      salt: 'django.core.signing',
      clock: at(0),
    })
    const texts = [
      'private-value',
      'private-value:0:signature',
      signer.sign('private-value'),
      signer.sign(Buffer.from('private-value').toString('base64url')),
      signer.signObject('private-value'),
    ]
    for (const text of texts) {
      const error = thrownBy(() => loads(text, { secretKey: secret, maxAge: 1 })) as Error

      expect(error).toBeInstanceOf(BadSignatureError)
      const said = `${String(error)} ${String(error.cause)} ${JSON.stringify(error)}`
      expect(said).not.toMatch(/private|top-secret|cHJpdmF0ZS/)
    }
  })
})

function circle(): object {
  const value: Record<string, unknown> = {}
  value['self'] = value
  return value
}
