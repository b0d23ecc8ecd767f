import { describe, expect, it, vi } from 'vitest'
import { platform } from '@sessions/core/platform'
import { BadSignatureError, InvalidSettingError } from '../src/errors.ts'
import {
  dumps,
  loads,
  Signer,
  type SignerSettings,
  TimestampSigner,
} from '../src/signing/signing.ts'
import { fc } from './support/fast-check.ts'
import { expectedSignature, secretKey, thrownBy } from './support/signatures.ts'

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

  it('makes another signature with another salt', () => {
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

  it('treats an empty salt as none, as Django does', () => {
    for (const Class of [Signer, TimestampSigner]) {
      const settings = { secretKey: 'secret', clock: { now: () => 0 } }
      expect(new Class({ ...settings, salt: '' }).sign('a')).toBe(new Class(settings).sign('a'))
    }
    const signed = dumps(1, { secretKey: 'secret', salt: '' })
    expect(new TimestampSigner({ secretKey: 'secret' }).unsignObject(signed)).toBe(1)
  })

  it('asks for a secret if called without settings', () => {
    const untyped: { dumps(value: unknown): unknown; loads(text: string): unknown } = {
      dumps: dumps as never,
      loads: loads as never,
    }
    expect(() => untyped.dumps(1)).toThrow(/secretKey/)
    expect(() => untyped.loads('a:b:c')).toThrow(/secretKey/)
  })

  it.each<[string, unknown, RegExp]>([
    [
      'no settings',
      undefined,
      /^options of the signer must be an object; valid names are secretKey, /,
    ],
    ['an unknown setting', { secretKey, seperator: ':' }, /^seperator is not an option/],
    ['a salt that is not a string', { secretKey, salt: 5 }, /^salt must be a string/],
    ['a clock without now()', { secretKey, clock: {} }, /^clock must have a method `now`/],
  ])('rejects %s', (_, settings, message) => {
    for (const Class of [Signer, TimestampSigner]) {
      const make = (): unknown => new Class(settings as SignerSettings)
      expect(make).toThrow(InvalidSettingError)
      expect(make).toThrow(message)
    }
  })

  it('rejects an unknown hash function', () => {
    expect(() => new Signer({ secretKey, algorithm: 'whatever' as 'sha1' })).toThrow(
      /^algorithm must be one of sha256, sha512, sha1\.$/,
    )
  })

  it('signs a value, and restores it', () => {
    const signer = new Signer({ secretKey })

    for (const value of ['hello', 'a:b:c', '', ':', 'jam\u00f3n', '\u{1f511}']) {
      const signed = signer.sign(value)

      expect(signed).toBe(`${value}:${expectedSignature(value)}`)
      expect(signer.unsign(signed)).toBe(value)
    }
  })

  it('converts a value to a string to sign it', () => {
    const signer = new Signer({ secretKey })

    for (const value of [123, 1.23, true, null, undefined, 10n, new Date(0)]) {
      expect(signer.unsign(signer.sign(value))).toBe(String(value))
      expect(signer.signature(value)).toBe(signer.signature(String(value)))
    }
  })

  it.each<[string, (signed: string) => string]>([
    ['an additional character in the value', (signed) => `x${signed}`],
    ['upper case', (signed) => signed.toUpperCase()],
    ['an additional character in the signature', (signed) => `${signed}a`],
    ['padding after the signature', (signed) => `${signed}=`],
    [
      'another last character',
      (signed) => signed.slice(0, -1) + (signed.endsWith('A') ? 'B' : 'A'),
    ],
    ['no separator', (signed) => signed.replace(':', '')],
    ['no signature', (signed) => signed.slice(0, signed.indexOf(':') + 1)],
    ['a signature that is not ASCII', (signed) => `${signed.slice(0, -1)}\u00e9`],
    ['another separator', (signed) => signed.replace(':', ';')],
    ['an empty string', () => ''],
  ])('detects tampering: %s', (_what, tamper) => {
    const signer = new Signer({ secretKey })
    const signed = signer.sign('Another String')

    expect(() => signer.unsign(tamper(signed))).toThrow(BadSignatureError)
  })

  it('rejects anything but a string as a bad signature', () => {
    const signer = new Signer({ secretKey })

    for (const value of [undefined, null, 3, {}]) {
      expect(() => signer.unsign(value as string)).toThrow(BadSignatureError)
    }
  })

  it('rejects a lone surrogate in place of a signed U+FFFD, which has the same UTF-8', () => {
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

  it('signs an object as a payload of JSON, and restores it', () => {
    const signer = new Signer({ secretKey, salt: 'x' })

    for (const value of [['a', 'list'], 'a string \u2019', { a: 'dictionary' }, 1, null, false]) {
      const signed = signer.signObject(value)

      expect(signed).toMatch(/^[A-Za-z0-9_-]+:[A-Za-z0-9_-]{43}$/)
      expect(signer.unsignObject(signed)).toEqual(value)
    }
  })

  it('compresses an object with compress: true if that makes it shorter', () => {
    const signer = new Signer({ secretKey })
    const long = { a: 'x'.repeat(200) }

    expect(signer.signObject(long)).not.toMatch(/^\./)
    expect(signer.signObject(long, { compress: true })).toMatch(/^\.eJ/)
    expect(signer.signObject({ a: 1 }, { compress: true })).not.toMatch(/^\./)
    expect(signer.unsignObject(signer.signObject(long, { compress: true }))).toEqual(long)
  })

  it('signs JSON text as it is, for custom serializers', () => {
    const signer = new Signer({ secretKey })

    expect(signer.unsignText(signer.signText('{"a":1.0}'))).toBe('{"a":1.0}')
    expect(signer.signText('{"a":1}')).toBe(signer.signObject({ a: 1 }))
  })

  it('accepts a secret that is not ASCII', () => {
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
    'rejects the separator %j, as Django does',
    (sep) => {
      expect(() => new Signer({ secretKey, sep })).toThrow(InvalidSettingError)
      expect(() => new Signer({ secretKey, sep })).toThrow(
        /^sep cannot be told from a signature, here or in Django: use /,
      )
    },
  )

  it('rejects a lone surrogate, which it could not verify', () => {
    for (const signer of [new Signer({ secretKey }), new TimestampSigner({ secretKey })]) {
      expect(() => signer.sign('a\ud800')).toThrow(InvalidSettingError)
      expect(signer.unsign(signer.sign('a\ud83d\ude00'))).toBe('a\ud83d\ude00')
    }
  })

  it('verifies signatures of the same secret only', () => {
    const signed = new Signer({ secretKey: 'old', salt: 's' }).sign('abc')

    expect(new Signer({ secretKey: 'old', salt: 's' }).unsign(signed)).toBe('abc')
    expect(() => new Signer({ secretKey: 'new', salt: 's' }).unsign(signed)).toThrow(
      BadSignatureError,
    )
  })

  it('verifies with several secrets, and signs with the first', () => {
    const signed = new Signer({ secretKey: 'oldest' }).sign('abc')
    const signer = new Signer({ secretKey: 'new', secretKeyFallbacks: ['old', 'oldest'] })

    expect(signer.unsign(signed)).toBe('abc')
    expect(signer.sign('abc')).toBe(new Signer({ secretKey: 'new' }).sign('abc'))
    expect(signer.unsign(signer.sign('abc'))).toBe('abc')
  })

  it('accepts no earlier secret without fallbacks', () => {
    const signed = new Signer({ secretKey: 'old' }).sign('abc')

    expect(() => new Signer({ secretKey: 'new', secretKeyFallbacks: [] }).unsign(signed)).toThrow(
      BadSignatureError,
    )
  })

  it('signedByFallback says whether only a fallback has signed', () => {
    const signer = new Signer({ secretKey: 'new', secretKeyFallbacks: ['old'] })

    expect(signer.signedByFallback(new Signer({ secretKey: 'old' }).sign('abc'))).toBe(true)
    expect(signer.signedByFallback(signer.sign('abc'))).toBe(false)
    expect(signer.signedByFallback(new Signer({ secretKey: 'other' }).sign('abc'))).toBe(false)
    expect(new Signer({ secretKey: 'new' }).signedByFallback('abc')).toBe(false)
  })

  it('signedByFallback is false if a fallback equals the current secret', () => {
    const signer = new Signer({ secretKey: 'same', secretKeyFallbacks: ['same'] })

    expect(signer.signedByFallback(signer.sign('abc'))).toBe(false)
  })

  it('derives each key once, and a fallback’s only when needed', () => {
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

  it.each(['', undefined, null, 7])('rejects %o as a secret', (secret) => {
    const error = thrownBy(() => new Signer({ secretKey: secret as string }))

    expect(error).toBeInstanceOf(InvalidSettingError)
    expect(error).toMatchObject({ code: 'INVALID_SETTING', setting: 'secretKey' })
    expect(String(error)).toMatch(/pass a long random string/)
  })

  it('rejects an empty fallback, with which anybody could sign', () => {
    expect(
      thrownBy(() => new Signer({ secretKey, secretKeyFallbacks: ['old', ''] })),
    ).toMatchObject({
      setting: 'secretKeyFallbacks',
    })
  })

  it('rejects a string as fallbacks, each character of which would be a secret', () => {
    const secretKeyFallbacks = 'old' as unknown as string[]

    expect(() => new Signer({ secretKey, secretKeyFallbacks })).toThrow(
      /^secretKeyFallbacks must be an array/,
    )
  })

  it('shows no secrets or keys when printed', () => {
    const signer = new Signer({ secretKey, secretKeyFallbacks: ['fallback-secret'] })
    signer.sign('abc')

    expect(JSON.stringify(signer) + Object.values(signer).join()).not.toMatch(/secret/)
  })
})
