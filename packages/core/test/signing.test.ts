import { Buffer } from 'node:buffer'
import crypto from 'node:crypto'
import zlib from 'node:zlib'
import { describe, expect, it, onTestFinished, vi } from 'vitest'

import { platform } from '@sessions/core/platform'
import { fromBase62, toBase62 } from '../src/signing/base62.ts'
import {
  BadSignatureError,
  InvalidSettingError,
  SessionSerializationError,
  SignatureExpiredError,
} from '../src/errors.ts'
import { MAX_INFLATED_BYTES } from '../src/signing/signed-payload.ts'
import {
  dumps,
  loads,
  Signer,
  type SignerSettings,
  TimestampSigner,
} from '../src/signing/signing.ts'
import { fc } from './support/fast-check.ts'

const secretKey = 'predictable-secret'
const at = (seconds: number) => ({ now: () => seconds * 1000 })

const signedPayload = (payload: string) =>
  new TimestampSigner({ secretKey, salt: 'django.core.signing' }).sign(payload)
const compressed = (text: string) => `.${zlib.deflateSync(text).toString('base64url')}`

/** Django's derivation, on Node's own functions: key = hash(salt, "signer", secret), then HMAC. */
function expectedSignature(
  value: string,
  { salt = 'django.core.signing.Signer', secret = secretKey, algorithm = 'sha256' } = {},
): string {
  const key = crypto.createHash(algorithm).update(`${salt}signer${secret}`).digest()
  return crypto.createHmac(algorithm, key).update(value).digest('base64url')
}

function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

function caught(action: () => unknown): unknown {
  const error = thrownBy(action)
  if (error === undefined) throw new Error('Nothing was thrown')
  return error
}

describe('Signer', () => {
  it('makes the same signature as Django does', () => {
    const signer = new Signer({ secretKey })

    for (const value of ['hello', '3098247:529:087:', '\u2019-\u{1f511}', '']) {
      expect(signer.signature(value)).toBe(expectedSignature(value))
    }
    expect(signer.signature('hello')).not.toBe(
      new Signer({ secretKey: 'another' }).signature('hello'),
    )
  })

  it('makes another signature under another salt', () => {
    const signer = new Signer({ secretKey, salt: 'extra-salt' })

    expect(signer.signature('hello')).toBe(expectedSignature('hello', { salt: 'extra-salt' }))
    expect(signer.signature('hello')).not.toBe(
      new Signer({ secretKey, salt: 'two' }).signature('hello'),
    )
  })

  it.each(['sha1', 'sha256', 'sha512'] as const)('uses %s for key and signature', (algorithm) => {
    const signer = new Signer({ secretKey, algorithm, salt: 'extra-salt' })

    expect(signer.signature('hello')).toBe(
      expectedSignature('hello', { salt: 'extra-salt', algorithm }),
    )
  })

  it('takes an empty salt for none, as Django does', () => {
    for (const Class of [Signer, TimestampSigner]) {
      const settings = { secretKey: 'secret', clock: { now: () => 0 } }
      expect(new Class({ ...settings, salt: '' }).sign('a')).toBe(new Class(settings).sign('a'))
    }
    const signed = dumps(1, { secretKey: 'secret', salt: '' })
    expect(new TimestampSigner({ secretKey: 'secret' }).unsignObject(signed)).toBe(1)
  })

  it('asks for a secret where it is given no settings', () => {
    const untyped: { dumps(value: unknown): unknown; loads(text: string): unknown } = {
      dumps: dumps as never,
      loads: loads as never,
    }
    expect(() => untyped.dumps(1)).toThrow(/secretKey/)
    expect(() => untyped.loads('a:b:c')).toThrow(/secretKey/)
  })

  it.each<[string, unknown, RegExp]>([
    ['no settings', undefined, /^options of the signer must be an object; there are secretKey, /],
    ['a setting that there is not', { secretKey, seperator: ':' }, /^seperator is not an option/],
    ['a salt that is no text', { secretKey, salt: 5 }, /^salt is no text/],
    ['a clock without a time', { secretKey, clock: {} }, /^clock must have a method `now`/],
  ])('refuses %s', (_, settings, message) => {
    for (const Class of [Signer, TimestampSigner]) {
      const make = (): unknown => new Class(settings as SignerSettings)
      expect(make).toThrow(InvalidSettingError)
      expect(make).toThrow(message)
    }
  })

  it('refuses a hash function that it does not know', () => {
    expect(() => new Signer({ secretKey, algorithm: 'whatever' as 'sha1' })).toThrow(
      /^algorithm is unknown: use one of sha256, sha512, sha1\.$/,
    )
  })

  it('signs a value, and gives it back', () => {
    const signer = new Signer({ secretKey })

    for (const value of ['hello', 'a:b:c', '', ':', 'jam\u00f3n', '\u{1f511}']) {
      const signed = signer.sign(value)

      expect(signed).toBe(`${value}:${expectedSignature(value)}`)
      expect(signer.unsign(signed)).toBe(value)
    }
  })

  it('signs what is no text as its text', () => {
    const signer = new Signer({ secretKey })

    for (const value of [123, 1.23, true, null, undefined, 10n, new Date(0)]) {
      expect(signer.unsign(signer.sign(value))).toBe(String(value))
      expect(signer.signature(value)).toBe(signer.signature(String(value)))
    }
  })

  it.each<[string, (signed: string) => string]>([
    ['a character more in the value', (signed) => `x${signed}`],
    ['another capital', (signed) => signed.toUpperCase()],
    ['a character more in the signature', (signed) => `${signed}a`],
    ['padding after the signature', (signed) => `${signed}=`],
    [
      'another last character',
      (signed) => signed.slice(0, -1) + (signed.endsWith('A') ? 'B' : 'A'),
    ],
    ['no separator', (signed) => signed.replace(':', '')],
    ['no signature', (signed) => signed.slice(0, signed.indexOf(':') + 1)],
    ['a signature that is not ASCII', (signed) => `${signed.slice(0, -1)}\u00e9`],
    ['another separator', (signed) => signed.replace(':', ';')],
    ['nothing at all', () => ''],
  ])('detects tampering: %s', (_what, tamper) => {
    const signer = new Signer({ secretKey })
    const signed = signer.sign('Another String')

    expect(() => signer.unsign(tamper(signed))).toThrow(BadSignatureError)
  })

  it('refuses what is no text as a bad signature', () => {
    const signer = new Signer({ secretKey })

    for (const value of [undefined, null, 3, {}]) {
      expect(() => signer.unsign(value as string)).toThrow(BadSignatureError)
    }
  })

  it('refuses a lone surrogate where U+FFFD was signed, though their UTF-8 is the same', () => {
    const signer = new Signer({ secretKey })
    const signature = signer.signature('\ufffd')

    expect(signer.unsign(`\ufffd:${signature}`)).toBe('\ufffd')
    expect(() => signer.unsign(`\ud800:${signature}`)).toThrow(BadSignatureError)
  })

  it('detects every changed character', () => {
    const signer = new Signer({ secretKey })
    fc.assert(
      fc.property(
        fc.string(),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (text, n, c) => {
          const signed = signer.sign(text)
          const index = n % signed.length
          fc.pre(signed[index] !== c)

          const changed = signed.slice(0, index) + c + signed.slice(index + 1)

          expect(() => signer.unsign(changed)).toThrow(BadSignatureError)
        },
      ),
    )
  })

  it('signs an object as a payload of JSON, and gives it back', () => {
    const signer = new Signer({ secretKey, salt: 'x' })

    for (const value of [['a', 'list'], 'a string \u2019', { a: 'dictionary' }, 1, null, false]) {
      const signed = signer.signObject(value)

      expect(signed).toMatch(/^[A-Za-z0-9_-]+:[A-Za-z0-9_-]{43}$/)
      expect(signer.unsignObject(signed)).toEqual(value)
    }
  })

  it('compresses an object where it is told to and that makes it shorter', () => {
    const signer = new Signer({ secretKey })
    const long = { a: 'x'.repeat(200) }

    expect(signer.signObject(long)).not.toMatch(/^\./)
    expect(signer.signObject(long, { compress: true })).toMatch(/^\.eJ/)
    expect(signer.signObject({ a: 1 }, { compress: true })).not.toMatch(/^\./)
    expect(signer.unsignObject(signer.signObject(long, { compress: true }))).toEqual(long)
  })

  it('signs JSON text as it is, for what has a serializer of its own', () => {
    const signer = new Signer({ secretKey })

    expect(signer.unsignText(signer.signText('{"a":1.0}'))).toBe('{"a":1.0}')
    expect(signer.signText('{"a":1}')).toBe(signer.signObject({ a: 1 }))
  })

  it('works with a secret that is not ASCII', () => {
    const secret = 's\u00e9cret-\u043a\u043b\u044e\u0447-\u{1f511}'

    expect(new Signer({ secretKey: secret }).sign('foo')).toBe(
      `foo:${expectedSignature('foo', { secret })}`,
    )
  })

  it.each(['/', '*sep*', ',', '.', ':', '::', '\u2019'])('accepts the separator %s', (sep) => {
    const signer = new Signer({ secretKey, sep })

    expect(signer.sep).toBe(sep)
    expect(signer.sign('foo')).toBe(`foo${sep}${expectedSignature('foo')}`)
    expect(signer.unsign(signer.sign(`a${sep}b`))).toBe(`a${sep}b`)
  })

  it.each(['', '-', 'abc', '_', '=', 'aZ09-_=', '[', ']', '^', '`', '\\', '\n', 'a\n', 'A^'])(
    'refuses the separator %j, as Django does',
    (sep) => {
      expect(() => new Signer({ secretKey, sep })).toThrow(InvalidSettingError)
      expect(() => new Signer({ secretKey, sep })).toThrow(
        /^sep cannot be told from a signature, by us or by Django: use /,
      )
    },
  )

  it('signs no half of a surrogate pair, which it could not verify', () => {
    for (const signer of [new Signer({ secretKey }), new TimestampSigner({ secretKey })]) {
      expect(() => signer.sign('a\ud800')).toThrow(InvalidSettingError)
      expect(signer.unsign(signer.sign('a\ud83d\ude00'))).toBe('a\ud83d\ude00')
    }
  })

  it('verifies what another signer with the same secret signed, and nothing of a different one', () => {
    const signed = new Signer({ secretKey: 'old', salt: 's' }).sign('abc')

    expect(new Signer({ secretKey: 'old', salt: 's' }).unsign(signed)).toBe('abc')
    expect(() => new Signer({ secretKey: 'new', salt: 's' }).unsign(signed)).toThrow(
      BadSignatureError,
    )
  })

  it('verifies by several secrets, and signs by the first', () => {
    const signed = new Signer({ secretKey: 'oldest' }).sign('abc')
    const signer = new Signer({ secretKey: 'new', secretKeyFallbacks: ['old', 'oldest'] })

    expect(signer.unsign(signed)).toBe('abc')
    expect(signer.sign('abc')).toBe(new Signer({ secretKey: 'new' }).sign('abc'))
    expect(signer.unsign(signer.sign('abc'))).toBe('abc')
  })

  it('ignores fallbacks that it was not given', () => {
    const signed = new Signer({ secretKey: 'old' }).sign('abc')

    expect(() => new Signer({ secretKey: 'new', secretKeyFallbacks: [] }).unsign(signed)).toThrow(
      BadSignatureError,
    )
  })

  it('tells what only a fallback has signed', () => {
    const signer = new Signer({ secretKey: 'new', secretKeyFallbacks: ['old'] })

    expect(signer.signedByFallback(new Signer({ secretKey: 'old' }).sign('abc'))).toBe(true)
    expect(signer.signedByFallback(signer.sign('abc'))).toBe(false)
    expect(signer.signedByFallback(new Signer({ secretKey: 'other' }).sign('abc'))).toBe(false)
    expect(new Signer({ secretKey: 'new' }).signedByFallback('abc')).toBe(false)
  })

  it('takes the same secret again for the current one', () => {
    const signer = new Signer({ secretKey: 'same', secretKeyFallbacks: ['same'] })

    expect(signer.signedByFallback(signer.sign('abc'))).toBe(false)
  })

  it('derives each key once, and a fallback only where it is needed', () => {
    const hash = vi.spyOn(platform, 'hash')
    const old = new Signer({ secretKey: 'old' }).sign('abc')
    hash.mockClear()
    const signer = new Signer({ secretKey: 'new', secretKeyFallbacks: ['old'] })

    signer.unsign(signer.sign('abc'))
    signer.unsign(signer.sign('def'))
    expect(hash).toHaveBeenCalledTimes(1)

    signer.unsign(old)
    signer.unsign(old)
    expect(hash).toHaveBeenCalledTimes(2)
    hash.mockRestore()
  })

  it.each(['', undefined, null, 7])('refuses %o as a secret', (secret) => {
    const error = caught(() => new Signer({ secretKey: secret as string }))

    expect(error).toBeInstanceOf(InvalidSettingError)
    expect(error).toMatchObject({ code: 'INVALID_SETTING', setting: 'secretKey' })
    expect(String(error)).toMatch(/pass a long random string/)
  })

  it('refuses an empty fallback, by which anybody could sign', () => {
    expect(caught(() => new Signer({ secretKey, secretKeyFallbacks: ['old', ''] }))).toMatchObject({
      setting: 'secretKeyFallbacks',
    })
  })

  it('refuses fallbacks that are one text, each character of which would be a secret', () => {
    const secretKeyFallbacks = 'old' as unknown as string[]

    expect(() => new Signer({ secretKey, secretKeyFallbacks })).toThrow(
      /^secretKeyFallbacks is no array/,
    )
  })

  it('keeps secrets and keys out of what is printed', () => {
    const signer = new Signer({ secretKey, secretKeyFallbacks: ['fallback-secret'] })
    signer.sign('abc')

    expect(JSON.stringify(signer) + Object.values(signer).join()).not.toMatch(/secret/)
  })
})

describe('TimestampSigner', () => {
  const signer = new TimestampSigner({ secretKey, clock: at(123_456_789) })
  const later = (seconds: number) =>
    new TimestampSigner({ secretKey, clock: at(123_456_789 + seconds) })

  it('signs a value with the time, and gives the value back', () => {
    const signed = signer.sign('hello')

    expect(signed).not.toBe(new TimestampSigner({ secretKey, clock: at(1) }).sign('hello'))
    expect(signed).toBe(
      `hello:8M0kX:${expectedSignature('hello:8M0kX', { salt: 'django.core.signing.TimestampSigner' })}`,
    )
    expect(signer.unsign(signed)).toBe('hello')
  })

  it('accepts what is as old as allowed, and refuses what is older', () => {
    const signed = signer.sign('hello')

    expect(later(11).unsign(signed, { maxAge: 12 })).toBe('hello')
    expect(later(11).unsign(signed, { maxAge: 11 })).toBe('hello')
    expect(() => later(11).unsign(signed, { maxAge: 10 })).toThrow(SignatureExpiredError)
    expect(() => later(10.001).unsign(signed, { maxAge: 10 })).toThrow(SignatureExpiredError)
    expect(later(1e9).unsign(signed)).toBe('hello')
    expect(later(1e9).unsign(signed, { maxAge: Infinity })).toBe('hello')
  })

  it('accepts what is from the future', () => {
    expect(later(-100).unsign(signer.sign('hello'), { maxAge: 10 })).toBe('hello')
  })

  it('has a maxAge of 0 mean this very second, and one below it none', () => {
    const signed = signer.sign('hello')

    expect(signer.unsign(signed, { maxAge: 0 })).toBe('hello')
    expect(() => signer.unsign(signed, { maxAge: -1 })).toThrow(SignatureExpiredError)
  })

  it.each([NaN, '10', null])('refuses %o as maxAge, by which nothing could expire', (maxAge) => {
    const options = { maxAge: maxAge as number }

    expect(caught(() => signer.unsign(signer.sign('hello'), options))).toMatchObject({
      code: 'INVALID_SETTING',
      setting: 'maxAge',
    })
  })

  it('lets nothing pass where the clock tells no number', () => {
    const broken = new TimestampSigner({ secretKey, clock: at(NaN) })

    expect(() => broken.unsign(signer.sign('hello'), { maxAge: 10 })).toThrow(SignatureExpiredError)
  })

  it('says that it has expired by another code, and is a bad signature all the same', () => {
    const error = caught(() => later(11).unsign(signer.sign('hello'), { maxAge: 10 }))

    expect(error).toBeInstanceOf(BadSignatureError)
    expect(error).toMatchObject({ code: 'SIGNATURE_EXPIRED', name: 'SignatureExpiredError' })
  })

  it('checks the signature before the age', () => {
    const error = caught(() => later(11).unsign(`${signer.sign('hello')}x`, { maxAge: 10 }))

    expect(error).toMatchObject({ code: 'BAD_SIGNATURE' })
  })

  it('drops fractions of a second from what it signs', () => {
    const clock = at(123_456_789.999)

    expect(new TimestampSigner({ secretKey, clock }).timestamp()).toBe('8M0kX')
  })

  it('signs times before 1970', () => {
    const before = new TimestampSigner({ secretKey, clock: at(-1) })

    expect(before.sign('a')).toMatch(/^a:-1:/)
    expect(before.unsign(before.sign('a'), { maxAge: 1 })).toBe('a')
  })

  it('reads the clock of the machine by default', () => {
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ now: 123_456_789_000 })

    expect(new TimestampSigner({ secretKey }).timestamp()).toBe('8M0kX')
  })

  it.each(['hello', 'hello:', 'hello:-', 'hello:!', 'hello: 1', 'hello:zzzzzzzzzzzz', ''])(
    'refuses %o, which is signed, but without a timestamp',
    (text) => {
      const plain = new Signer({ secretKey, salt: 'django.core.signing.TimestampSigner' })

      expect(() => signer.unsign(plain.sign(text))).toThrow(BadSignatureError)
    },
  )

  it('bounds the age of objects and texts as well', () => {
    const signed = signer.signObject({ a: 1 })

    expect(later(10).unsignObject(signed, { maxAge: 10 })).toEqual({ a: 1 })
    expect(later(10).unsignText(signed, { maxAge: 10 })).toBe('{"a":1}')
    expect(() => later(11).unsignObject(signed, { maxAge: 10 })).toThrow(SignatureExpiredError)
    expect(() => later(11).unsignText(signed, { maxAge: 10 })).toThrow(SignatureExpiredError)
  })
})

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

  it.each([false, true])('give back what was written (compress: %s)', (compress) => {
    for (const value of values) {
      const text = dumps(value, { secretKey, compress, clock })

      expect(text).toMatch(/^\.?[A-Za-z0-9_-]+:1r31eq:[A-Za-z0-9_-]{43}$/)
      expect(loads(text, { secretKey, clock, maxAge: 0 })).toEqual(value)
    }
  })

  it('do not compress by default', () => {
    expect(dumps({ long: 'x'.repeat(500) }, { secretKey })).not.toMatch(/^\./)
  })

  it('give back any JSON value', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (json, compress) => {
        const value: unknown = JSON.parse(json)

        const text = dumps(value, { secretKey, compress })

        expect(JSON.stringify(loads(text, { secretKey }))).toBe(JSON.stringify(value))
      }),
    )
  })

  it('write ASCII alone, escaped as Python does', () => {
    const [payload = ''] = dumps('\u007f\u00e9\u{1f511}/ ~', { secretKey }).split(':')

    expect(Buffer.from(payload, 'base64url').toString('latin1')).toBe(
      '"\\u007f\\u00e9\\ud83d\\udd11/ ~"',
    )
  })

  it.each<[string, (text: string) => string]>([
    ['another payload', (text) => text.replace(/^[^:]+/, 'YXYX')],
    ['a character more', (text) => `${text}a`],
    ['a dot in front', (text) => `.${text}`],
    ['another time', (text) => text.replace(':1r31eq:', ':1r31er:')],
    ['a part less', (text) => text.replace('1r31eq:', '')],
  ])('detect tampering: %s', (_what, tamper) => {
    const text = dumps({ foo: 'bar', baz: 1 }, { secretKey, clock })

    expect(() => loads(tamper(text), { secretKey })).toThrow(BadSignatureError)
  })

  it('keep purposes apart by their salt', () => {
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

  it('refuse an empty secret', () => {
    expect(() => dumps('abc', { secretKey: '' })).toThrow(InvalidSettingError)
    expect(() => loads('abc', { secretKey: '' })).toThrow(InvalidSettingError)
  })

  it.each([undefined, () => 1, Symbol('s'), 10n, circle()])(
    'refuse %o, which is not JSON',
    (value) => {
      expect(() => dumps(value, { secretKey })).toThrow(SessionSerializationError)
    },
  )

  it.each([
    ['no base64', 'not base64!'],
    ['nothing', ''],
    ['a dot alone', '.'],
    ['two dots', '..'],
    ['base64 of no JSON', 'aGVsbG8'],
    ['base64 of cut JSON', Buffer.from('{"a":').toString('base64url')],
    ['a dot before what is not compressed', '.eyJhIjoxfQ'],
    ['compressed data that was cut', compressed('x'.repeat(99)).slice(0, -4)],
    ['compressed data that is no JSON', compressed('hello')],
    ['JSON nested too deep for some parsers', Buffer.from('['.repeat(1e6)).toString('base64url')],
  ])('refuse a valid signature over %s, and say why', (_what, payload) => {
    const error = caught(() => loads(signedPayload(payload), { secretKey }))

    expect(error).toBeInstanceOf(BadSignatureError)
    expect((error as Error).cause).toBeInstanceOf(Error)
  })

  it('refuse what inflates to more than 16 MiB', () => {
    const most = `"${'x'.repeat(MAX_INFLATED_BYTES - 2)}"`

    expect(loads(signedPayload(compressed(most)), { secretKey })).toHaveLength(most.length - 2)
    expect(() => loads(signedPayload(compressed(`${most} `)), { secretKey })).toThrow(
      BadSignatureError,
    )
  })

  it('do not compress what could not be inflated again', () => {
    const value = 'x'.repeat(MAX_INFLATED_BYTES)

    const text = dumps(value, { secretKey, compress: true })

    expect(text.startsWith('.')).toBe(false)
    expect(loads(text, { secretKey }) === value).toBe(true)
  })

  it('refuse any text without failing otherwise', () => {
    const unit = fc.oneof(
      fc.constantFrom(':', '.', '-', '=', 'e', 'J', '0'),
      fc.string({ unit: 'binary', maxLength: 1 }),
      fc.constantFrom('\ud800', '\udc00'),
    )
    fc.assert(
      fc.property(fc.string({ unit }), fc.boolean(), (text, signed) => {
        const signs = signed && !/[\ud800-\udfff]/u.test(text)
        const read = () => loads(signs ? signedPayload(text) : text, { secretKey })

        // A payload can turn out to be JSON; whatever is thrown is of this class.
        expect(thrownBy(read) ?? new BadSignatureError('')).toBeInstanceOf(BadSignatureError)
      }),
      { numRuns: 1000 },
    )
  })

  it('keep values and secrets out of what they throw', () => {
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
      const error = caught(() => loads(text, { secretKey: secret, maxAge: 1 })) as Error

      const said = `${String(error)} ${String(error.cause)} ${JSON.stringify(error)}`
      expect(said).not.toMatch(/private|top-secret|cHJpdmF0ZS/)
    }
  })
})

describe('base62', () => {
  it('writes and reads integers', () => {
    for (const value of [
      -(10 ** 10),
      10 ** 10,
      1620378259,
      -1,
      1,
      61,
      62,
      Number.MAX_SAFE_INTEGER,
    ]) {
      expect(fromBase62(toBase62(value))).toBe(value)
    }
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(fromBase62(toBase62(value))).toBe(value)
      }),
    )
  })

  it.each([
    [0, '0'],
    [-0, '0'],
    [9, '9'],
    [10, 'A'],
    [35, 'Z'],
    [36, 'a'],
    [61, 'z'],
    [62, '10'],
    [-62, '-10'],
    [1_700_000_000, '1r31eq'],
  ])('writes %i as %s', (value, text) => {
    expect(toBase62(value)).toBe(text)
    expect(fromBase62(text)).toBe(value + 0)
  })

  it.each(['', '-', '--1', '1-', ' 1', '1 ', '+1', '1.5', '\u0661', 'zzzzzzzzzz'])(
    'reads no integer in %o',
    (text) => {
      expect(fromBase62(text)).toBeUndefined()
    },
  )

  it('reads zero with a sign or in several digits', () => {
    expect(fromBase62('-0')).toBe(0)
    expect(fromBase62('000')).toBe(0)
  })

  it.each([1.5, NaN, Infinity, 2 ** 53])('refuses to write %d', (value) => {
    expect(() => toBase62(value)).toThrow(RangeError)
  })
})

function circle(): object {
  const value: Record<string, unknown> = {}
  value['self'] = value
  return value
}
