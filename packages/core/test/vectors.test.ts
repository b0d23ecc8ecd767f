import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'

import { platform } from '@sessions/core/platform'
import { signedCodec } from '../src/payload/codec.ts'
import { BadSignatureError, SignatureExpiredError } from '../src/errors.ts'
import { Signer, TimestampSigner } from '../src/signing/signing.ts'

interface Vector {
  readonly name: string
  readonly secret: string
  readonly salt: string
  readonly timestamp: number
  readonly timestamp_b62: string
  readonly data: unknown
  readonly json_text: string
  readonly derived_key_sha256_hex: string
  readonly compressed: boolean
  readonly encoded: string
  readonly encode_reproducible_in_js: string
  readonly reencoded_by_node20_byte_for_byte: boolean
}

interface DecodeCase {
  readonly name: string
  readonly encoded: string
  readonly expect: unknown
  readonly secret: string
  readonly salt: string
}

interface MaxAgeCase {
  readonly now: number
  readonly max_age: number
  readonly valid: boolean
}

interface Vectors {
  readonly vectors: readonly Vector[]
  readonly raw_signers: readonly { key: string; salt: string; value: string; signed: string }[]
  readonly decode_cases: readonly DecodeCase[]
  readonly key_rotation: readonly {
    secret: string
    fallbacks: readonly string[]
    salt: string
    encoded: string
    data: unknown
  }[]
  readonly max_age: readonly MaxAgeCase[]
}

/** Test vectors that Django 5.2 has generated and verified. */
const file = new URL('./vectors/django-signing.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as Vectors

const at = (seconds: number) => ({ now: () => seconds * 1000 })
const payloadOf = (encoded: string) => encoded.split(':')[0] ?? ''
const jsonOf = (payload: string) =>
  payload.startsWith('.')
    ? zlib.inflateSync(Buffer.from(payload.slice(1), 'base64url')).toString('latin1')
    : Buffer.from(payload, 'base64url').toString('latin1')

describe.each(cases.vectors)('Django’s test vector $name', (vector) => {
  const { secret: secretKey, salt, data, encoded } = vector
  const clock = at(vector.timestamp)
  const signer = new TimestampSigner({ secretKey, salt, clock })
  const codec = signedCodec({ secretKey, salt, clock })

  it('decodes to its JSON text and its data', () => {
    expect(signer.unsignText(encoded)).toBe(vector.json_text)
    expect(signer.unsignObject(encoded)).toEqual(data)
    expect(codec.decode(encoded)).toBe(vector.json_text)
  })

  it('is signed with the same derived key and timestamp', () => {
    const key = platform.hash('sha256', platform.utf8(`${salt}signer${secretKey}`))

    expect(Buffer.from(key).toString('hex')).toBe(vector.derived_key_sha256_hex)
    expect(signer.timestamp()).toBe(vector.timestamp_b62)
  })

  it('is what signing its payload gives', () => {
    expect(signer.sign(payloadOf(encoded))).toBe(encoded)
  })

  it('round-trips its JSON text, compressed if Django compresses it', () => {
    const written = codec.encode(vector.json_text)

    expect(written.startsWith('.')).toBe(vector.compressed)
    expect(codec.decode(written)).toBe(vector.json_text)
  })
})

// Python's JSON text differs for some numbers and for the order of keys that look like integers.
const reproducible = cases.vectors.filter(
  (vector) => !vector.encode_reproducible_in_js.startsWith('no'),
)

describe.each(reproducible)('the data of Django’s test vector $name', (vector) => {
  const { secret: secretKey, salt, timestamp } = vector
  const signer = new TimestampSigner({ secretKey, salt, clock: at(timestamp) })

  it('serialises to the same JSON text', () => {
    const written = signer.signObject(vector.data, { compress: true })

    expect(jsonOf(payloadOf(written))).toBe(vector.json_text)
  })
})

// Compressed bytes depend on the build of zlib.
describe.each(reproducible.filter(({ compressed }) => !compressed))(
  'the data of Django’s uncompressed test vector $name',
  (vector) => {
    const { secret: secretKey, salt, timestamp } = vector
    const clock = at(timestamp)

    it('is encoded byte for byte as Django does', () => {
      const signer = new TimestampSigner({ secretKey, salt, clock })
      const codec = signedCodec({ secretKey, salt, clock })

      expect(vector.reencoded_by_node20_byte_for_byte).toBe(true)
      expect(signer.signObject(vector.data, { compress: true })).toBe(vector.encoded)
      expect(codec.encode(JSON.stringify(vector.data))).toBe(vector.encoded)
    })
  },
)

describe.each(cases.raw_signers)('$value, signed by Django’s Signer', (raw) => {
  it('has the same signature, and is restored', () => {
    const signer = new Signer({ secretKey: raw.key, salt: raw.salt })

    expect(signer.sign(raw.value)).toBe(raw.signed)
    expect(signer.unsign(raw.signed)).toBe(raw.value)
  })
})

describe.each(cases.decode_cases.filter((decoding) => !Array.isArray(decoding.expect)))(
  'Django’s decoding case $name',
  ({ secret: secretKey, salt, encoded }) => {
    it('is rejected', () => {
      expect(() => signedCodec({ secretKey, salt }).decode(encoded)).toThrow(BadSignatureError)
    })
  },
)

describe.each(cases.decode_cases.filter((decoding) => Array.isArray(decoding.expect)))(
  'Django’s decoding case $name',
  ({ secret: secretKey, salt, encoded, expect: expected }) => {
    it('is decoded, although the caller may reject it', () => {
      expect(JSON.parse(signedCodec({ secretKey, salt }).decode(encoded))).toEqual(expected)
    })
  },
)

describe.each(cases.key_rotation)('text signed with an earlier secret', (rotation) => {
  const { secret: secretKey, fallbacks: secretKeyFallbacks, salt, encoded, data } = rotation

  it('verifies only with the fallbacks', () => {
    const codec = signedCodec({ secretKey, secretKeyFallbacks, salt })

    expect(JSON.parse(codec.decode(encoded))).toEqual(data)
    expect(() => signedCodec({ secretKey, salt }).decode(encoded)).toThrow(BadSignatureError)
  })

  it('is distinguished from text that the current secret signed', () => {
    const signer = new TimestampSigner({ secretKey, secretKeyFallbacks, salt })

    expect(signer.signedByFallback(encoded)).toBe(true)
    expect(signer.signedByFallback(signer.signObject(data))).toBe(false)
  })
})

describe('maxAge in Django’s cases', () => {
  const vector = cases.vectors.find(({ name }) => name === 'signed-cookie')
  if (vector === undefined) throw new Error('The vector signed-cookie is missing')
  const { secret: secretKey, salt, data, encoded } = vector
  const read = ({ now, max_age: maxAge }: MaxAgeCase) =>
    new TimestampSigner({ secretKey, salt, clock: at(now) }).unsignObject(encoded, { maxAge })

  it.each(cases.max_age.filter(({ valid }) => valid))('$max_age passes at $now', (age) => {
    expect(read(age)).toEqual(data)
  })

  it.each(cases.max_age.filter(({ valid }) => !valid))('$max_age is exceeded at $now', (age) => {
    expect(() => read(age)).toThrow(SignatureExpiredError)
  })
})
