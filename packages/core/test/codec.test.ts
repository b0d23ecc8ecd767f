import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'

import { type Codec, signedCodec } from '../src/payload/codec.ts'
import { djangoSettings } from '../src/settings/django.ts'
import { BadSignatureError, InvalidSettingError } from '../src/errors.ts'
import { dumps, TimestampSigner } from '../src/signing/signing.ts'
import { fc } from './support/fast-check.ts'

const secretKey = 'insecure-test-secret'
const clock = { now: () => 1_700_000_000_000 }
const salt = 'django.contrib.sessions.SessionStore'

const jsonOf = (length: number) => `{"a":"${'x'.repeat(length)}"}`

describe('signedCodec', () => {
  const codec = signedCodec({ secretKey, clock })

  it('encodes an empty session as Django does', () => {
    expect(codec.encode('{}')).toBe('e30:1r31eq:tvXluDIK6a4wKBpW014NrqWMtIH4n2UgJkJtkwnsWh8')
  })

  it('restores any JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (text, compress) => {
        const either = signedCodec({ secretKey, compress })

        const decoded = either.decode(either.encode(text))

        expect(JSON.stringify(JSON.parse(decoded))).toBe(JSON.stringify(JSON.parse(text)))
        expect(codec.decode(either.encode(text))).toBe(decoded)
      }),
    )
  })

  it('escapes everything but printable ASCII, one UTF-16 code unit at a time', () => {
    const text = JSON.stringify({ 'jam\u00f3n': '\u007f \u2028 \u{1f511} \ud800 ~' })

    expect(codec.decode(codec.encode(text))).toBe(
      '{"jam\\u00f3n":"\\u007f \\u2028 \\ud83d\\udd11 \\ud800 ~"}',
    )
  })

  it('does not escape line breaks between tokens, where an escape would be invalid', () => {
    const text = JSON.stringify({ a: [1, 'b'] }, null, '\t')

    expect(JSON.parse(codec.decode(codec.encode(text)))).toEqual({ a: [1, 'b'] })
  })

  it('compresses as soon as that saves more than the dot', () => {
    // In Django, the shortest compressed payload of this kind has 20 bytes.
    expect(codec.encode(jsonOf(11))).not.toMatch(/^\./)
    expect(codec.encode(jsonOf(12))).toMatch(/^\./)
    expect(codec.encode(jsonOf(200))).toMatch(/^\./)
  })

  it('never makes a payload longer by compressing it', () => {
    const plain = signedCodec({ secretKey, clock, compress: false })
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(codec.encode(text).length).toBeLessThanOrEqual(plain.encode(text).length)
      }),
    )
  })

  it('does not compress with compress: false', () => {
    const plain = signedCodec({ secretKey, clock, compress: false })

    expect(plain.encode(`"${'x'.repeat(500)}"`)).not.toMatch(/^\./)
  })

  it('accepts signatures of any age', () => {
    const old = signedCodec({ secretKey, clock: { now: () => 0 } })

    expect(codec.decode(old.encode('{"a":1}'))).toBe('{"a":1}')
  })

  it('rejects another salt, and accepts its own', () => {
    const other = signedCodec({ secretKey, salt: 'django.contrib.sessions.MyStore' })

    expect(() => codec.decode(other.encode('{}'))).toThrow(BadSignatureError)
    expect(other.decode(other.encode('{}'))).toBe('{}')
    expect(codec.decode(dumps({}, { secretKey, salt }))).toBe('{}')
  })

  it('verifies with earlier secrets, and signs with the current one', () => {
    const rotated = signedCodec({ secretKey: 'new', secretKeyFallbacks: [secretKey] })

    expect(rotated.decode(codec.encode('{"a":1}'))).toBe('{"a":1}')
    expect(() => codec.decode(rotated.encode('{"a":1}'))).toThrow(BadSignatureError)
  })

  it.each(['', 'bad:encoded:value', '{"a":1}', Buffer.from('flaskdj:alkdjf').toString('base64')])(
    'rejects %o',
    (text) => {
      expect(() => codec.decode(text)).toThrow(BadSignatureError)
    },
  )

  it('rejects a valid signature over text that is not a payload', () => {
    const text = new TimestampSigner({ secretKey, salt }).sign("b'invalid data'")

    expect(() => codec.decode(text)).toThrow(BadSignatureError)
  })

  it('rejects any text with BadSignatureError', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => codec.decode(text)).toThrow(BadSignatureError)
      }),
    )
  })

  it('rejects an empty secret at creation', () => {
    expect(() => signedCodec({ secretKey: '' })).toThrow(InvalidSettingError)
    expect(() => signedCodec({ secretKey, secretKeyFallbacks: [''] })).toThrow(InvalidSettingError)
  })
})

describe('djangoSettings', () => {
  it('stores under the raw key, in Django’s format', () => {
    const settings: { codec?: Codec; hashKeys?: boolean } = { ...djangoSettings({ secretKey }) }

    expect(settings.hashKeys).toBe(false)
    expect(settings.codec?.decode(signedCodec({ secretKey }).encode('{"a":1}'))).toBe('{"a":1}')
  })

  it('verifies with earlier secrets', () => {
    const { codec } = djangoSettings({ secretKey: 'new', secretKeyFallbacks: [secretKey] })

    expect(codec.decode(signedCodec({ secretKey }).encode('{"a":1}'))).toBe('{"a":1}')
  })

  it('rejects an empty secret', () => {
    expect(() => djangoSettings({ secretKey: '' })).toThrow(InvalidSettingError)
    expect(() => djangoSettings(undefined as never)).toThrow(InvalidSettingError)
    expect(() => djangoSettings({ secretKey, salt: 'mine' } as never)).toThrow(InvalidSettingError)
  })
})
