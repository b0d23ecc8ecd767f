import { readFileSync } from 'node:fs'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'

import { platform } from '@sessions/core/platform'
import { signedCodec } from '../src/codec.ts'
import { BadSignatureError, SignatureExpiredError } from '../src/errors.ts'
import { Signer, TimestampSigner } from '../src/signing.ts'

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
  readonly max_age: readonly { now: number; max_age: number; valid: boolean }[]
}

/** What Django 5.2 itself has written and read. */
const file = new URL('./vectors/django-signing.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as Vectors

const at = (seconds: number) => ({ now: () => seconds * 1000 })
const payloadOf = (encoded: string) => encoded.split(':')[0] ?? ''

describe.each(cases.vectors)('the vector $name of Django', (vector) => {
  const { secret: secretKey, salt, data, encoded } = vector
  const clock = at(vector.timestamp)
  const signer = new TimestampSigner({ secretKey, salt, clock })
  const codec = signedCodec({ secretKey, salt, clock })

  it('is read', () => {
    expect(signer.unsignText(encoded)).toBe(vector.json_text)
    expect(signer.unsignObject(encoded)).toEqual(data)
    expect(codec.decode(encoded)).toBe(vector.json_text)
  })

  it('is written by the same key and timestamp', () => {
    const key = platform.hash('sha256', platform.utf8(`${salt}signer${secretKey}`))

    expect(Buffer.from(key).toString('hex')).toBe(vector.derived_key_sha256_hex)
    expect(signer.timestamp()).toBe(vector.timestamp_b62)
  })

  it('is written from its JSON text, byte for byte where compression has no say in it', () => {
    const written = codec.encode(vector.json_text)

    expect(written.startsWith('.')).toBe(vector.compressed)
    if (!vector.compressed) expect(written).toBe(encoded)
    expect(codec.decode(written)).toBe(vector.json_text)
  })

  it('is signed to the same text, given its payload', () => {
    expect(signer.sign(payloadOf(encoded))).toBe(encoded)
  })

  if (!vector.encode_reproducible_in_js.startsWith('no')) {
    it('is written from its data', () => {
      const written = signer.signObject(data, { compress: true })

      if (vector.compressed) {
        const bytes = Buffer.from(payloadOf(written).slice(1), 'base64url')
        expect(zlib.inflateSync(bytes).toString('latin1')).toBe(vector.json_text)
      } else {
        expect(vector.reencoded_by_node20_byte_for_byte).toBe(true)
        expect(written).toBe(encoded)
      }
    })
  }
})

describe.each(cases.raw_signers)('what a bare Signer of Django signed', (raw) => {
  it('is written and read', () => {
    const signer = new Signer({ secretKey: raw.key, salt: raw.salt })

    expect(signer.sign(raw.value)).toBe(raw.signed)
    expect(signer.unsign(raw.signed)).toBe(raw.value)
  })
})

describe.each(cases.decode_cases)('the decoding case $name of Django', (decoding) => {
  const { secret: secretKey, salt, encoded } = decoding
  const codec = signedCodec({ secretKey, salt })

  if (Array.isArray(decoding.expect)) {
    it('is read, and left to the caller to refuse', () => {
      expect(JSON.parse(codec.decode(encoded))).toEqual(decoding.expect)
    })
  } else {
    it('is refused', () => {
      expect(() => codec.decode(encoded)).toThrow(BadSignatureError)
    })
  }
})

describe.each(cases.key_rotation)('what was signed by an earlier secret', (rotation) => {
  const { secret: secretKey, fallbacks: secretKeyFallbacks, salt, encoded, data } = rotation

  it('is read with the fallbacks, and not without', () => {
    const codec = signedCodec({ secretKey, secretKeyFallbacks, salt })

    expect(JSON.parse(codec.decode(encoded))).toEqual(data)
    expect(() => signedCodec({ secretKey, salt }).decode(encoded)).toThrow(BadSignatureError)
  })

  it('is told from what the current one signed', () => {
    const signer = new TimestampSigner({ secretKey, secretKeyFallbacks, salt })

    expect(signer.signedByFallback(encoded)).toBe(true)
    expect(signer.signedByFallback(signer.signObject(data))).toBe(false)
  })
})

describe.each(cases.max_age)('a maxAge of $max_age at $now', ({ now, max_age: maxAge, valid }) => {
  const vector = cases.vectors.find(({ name }) => name === 'signed-cookie')
  if (vector === undefined) throw new Error('The vector signed-cookie is missing')
  const { secret: secretKey, salt, data, encoded } = vector

  it(valid ? 'passes' : 'is exceeded', () => {
    const signer = new TimestampSigner({ secretKey, salt, clock: at(now) })
    const read = () => signer.unsignObject(encoded, { maxAge })

    if (valid) expect(read()).toEqual(data)
    else expect(read).toThrow(SignatureExpiredError)
  })
})
