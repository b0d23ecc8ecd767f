import { Buffer } from 'node:buffer'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import zlib from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'

import type { HashAlgorithm, Platform } from '../src/platform/contract.ts'
import { platform as node } from '../src/platform/node.ts'
import { platform as portable } from '../src/platform/portable.ts'
import { fc } from './support/fast-check.ts'

const platforms: [string, Platform, Platform][] = [
  ['node', node, portable],
  ['portable', portable, node],
]
const algorithms: HashAlgorithm[] = ['sha1', 'sha256', 'sha512']

const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('hex')
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

/** The same bytes but for one bit. */
const changed = (data: Uint8Array, at: number) =>
  data.map((byte, i) => (i === Math.floor(at / 8) ? byte ^ (1 << (at % 8)) : byte))

const bytes = (constraints: { minLength?: number; maxLength?: number } = {}) =>
  fc.uint8Array(constraints)
/** Bytes that begin anywhere in their buffer, as those do that are cut out of others. */
const views = fc
  .tuple(bytes({ maxLength: 300 }), fc.nat(7))
  .map(([data, offset]) => concat(new Uint8Array(offset), data).subarray(offset))
const anyText = fc.string({ unit: 'binary' })

describe('the platform of Node', () => {
  afterEach(restoreTime)

  it('wakes up where tests have faked the global timers', async () => {
    vi.useFakeTimers()

    await node.sleep(0)

    expect(vi.isFakeTimers()).toBe(true)
  })
})

describe.each(platforms)('the platform %s', (_name, platform, other) => {
  describe('time', () => {
    afterEach(restoreTime)

    it('is told in epoch milliseconds', () => {
      vi.useFakeTimers({ now: 1_700_000_000_123 })

      expect(platform.now()).toBe(1_700_000_000_123)
    })

    it('passes in a sleep for as long as it was told, and no longer', async () => {
      fakeAllTimers()
      const woken = vi.fn<() => void>()

      const sleeping = platform.sleep(20).then(woken)

      await vi.advanceTimersByTimeAsync(19)
      expect(woken).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(1)
      expect(woken).toHaveBeenCalledOnce()
      await sleeping
    })
  })

  describe('randomBytes', () => {
    it.each([0, 1, 16, 24, 512, 513, 4096, 70_000])('hands out %i bytes', (size) => {
      expect(platform.randomBytes(size)).toHaveLength(size)
    })

    it('never hands out the same bytes twice', () => {
      const seen = new Set(Array.from({ length: 5000 }, () => hex(platform.randomBytes(16))))

      expect(seen.size).toBe(5000)
    })

    it('hands out bytes that later calls leave alone', () => {
      const first = platform.randomBytes(32)
      const before = hex(first)

      for (let i = 0; i < 1000; i++) platform.randomBytes(32).fill(0)

      expect(hex(first)).toBe(before)
    })

    it('hands out a buffer of its own, so that no other secrets are in it', () => {
      expect(platform.randomBytes(32).buffer.byteLength).toBe(32)
    })

    it('never hands out zeros in place of random bytes, whatever sizes were asked for', () => {
      for (let size = 0; size < 600; size++) {
        const random = platform.randomBytes(size)

        expect(random.filter((byte) => byte === 0).length).toBeLessThan(20)
      }
    })

    it('has every value of a byte', () => {
      expect(new Set(platform.randomBytes(100_000)).size).toBe(256)
    })

    it('refuses a negative size, and goes on with random bytes', () => {
      expect(() => platform.randomBytes(-1)).toThrow(RangeError)
      expect(hex(platform.randomBytes(16))).not.toBe('00'.repeat(16))
    })
  })

  describe('text', () => {
    it('writes UTF-8', () => {
      expect(hex(platform.utf8('a\u00e9\u20ac\u{1f511}'))).toBe('61c3a9e282acf09f9491')
    })

    it('writes a lone surrogate as U+FFFD', () => {
      expect(hex(platform.utf8('\ud800'))).toBe('efbfbd')
    })

    it('reads what it wrote', () => {
      fc.assert(
        fc.property(anyText, (text) => {
          expect(platform.fromUtf8(platform.utf8(text))).toBe(text)
        }),
      )
    })

    it('keeps a byte order mark', () => {
      expect(platform.fromUtf8(fromHex('efbbbf61'))).toBe('\ufeffa')
    })

    it.each(['ff', 'c3', 'c0af', 'eda080', 'f4908080', '61ff61'])('refuses %s as UTF-8', (text) => {
      expect(platform.fromUtf8(fromHex(text))).toBeUndefined()
    })

    it('reads and writes latin-1, every byte a character', () => {
      const all = Uint8Array.from({ length: 10_000 }, (_, i) => i % 256)

      const text = platform.fromLatin1(all)

      expect(text.charCodeAt(0x80)).toBe(0x80)
      expect(text.charCodeAt(0xff)).toBe(0xff)
      expect(hex(platform.latin1(text))).toBe(hex(all))
    })
  })

  describe('base64Url', () => {
    // RFC 4648, section 10, without the padding.
    it.each([
      ['', ''],
      ['f', 'Zg'],
      ['fo', 'Zm8'],
      ['foo', 'Zm9v'],
      ['foob', 'Zm9vYg'],
      ['fooba', 'Zm9vYmE'],
      ['foobar', 'Zm9vYmFy'],
    ])('writes %o as %o and reads it', (text, encoded) => {
      expect(platform.base64Url(ascii(text))).toBe(encoded)
      expect(hex(platform.fromBase64Url(encoded))).toBe(hex(ascii(text)))
    })

    it('uses the alphabet for URLs', () => {
      expect(platform.base64Url(fromHex('fbff'))).toBe('-_8')
      expect(hex(platform.fromBase64Url('-_8'))).toBe('fbff')
    })

    it('accepts padding', () => {
      expect(hex(platform.fromBase64Url('Zg=='))).toBe('66')
      expect(hex(platform.fromBase64Url('Zm8='))).toBe('666f')
    })

    it.each([
      ['the other alphabet', '+/8'],
      ['white space', 'Zm 9v'],
      ['a line break at the end', 'Zm9v\n'],
      ['a character outside of the alphabet', 'Zm9v!'],
      ['a character outside of latin-1', 'Zm9\u0176'],
      ['a lone surrogate', 'Zm9\ud800'],
      ['half of the padding', 'Zg='],
      ['too much padding', 'Zg==='],
      ['padding where none belongs', 'Zm9v='],
      ['four characters of padding more', 'Zm9v===='],
      ['padding alone', '='],
      ['padding alone, a quantum of it', '===='],
      ['padding in the middle', 'Zg==Zg=='],
      ['a length that no bytes have', 'Z'],
      ['a length that no bytes have, five', 'Zm9vY'],
      ['bits that stand for nothing, four', 'Zh'],
      ['bits that stand for nothing, two', 'Zm9'],
    ])('refuses %s', (_what, text) => {
      expect(platform.fromBase64Url(text)).toBeUndefined()
    })

    it('reads what it wrote', () => {
      fc.assert(
        fc.property(views, (data) => {
          const text = platform.base64Url(data)

          expect(text).toMatch(/^[A-Za-z0-9_-]*$/)
          expect(hex(platform.fromBase64Url(text))).toBe(hex(data))
        }),
      )
    })

    it('reads megabytes', () => {
      const data = platform.randomBytes(3_000_001)

      const read = platform.fromBase64Url(platform.base64Url(data)) ?? new Uint8Array()

      expect(Buffer.compare(data, read)).toBe(0)
    })
  })

  describe('hashes', () => {
    // RFC 6234, section 8.5, TEST1.
    it.each<[HashAlgorithm, string]>([
      ['sha1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
      ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
      [
        'sha512',
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
          '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
      ],
    ])('knows the %s of abc', (algorithm, digest) => {
      expect(hex(platform.hash(algorithm, ascii('abc')))).toBe(digest)
    })

    it('knows the SHA-256 of a text in hex', () => {
      expect(platform.sha256Hex('abc')).toBe(
        'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      )
    })

    it('takes a text as its UTF-8', () => {
      fc.assert(
        fc.property(
          fc.string({ unit: fc.constantFrom('a', '\u00e9', '\u{1f511}', '\ud800') }),
          (text) => {
            expect(platform.sha256Hex(text)).toBe(hex(platform.hash('sha256', platform.utf8(text))))
          },
        ),
      )
    })
  })

  describe('hmacBase64Url', () => {
    const jefe = platform.secretKey(ascii('Jefe'))

    // RFC 2202, section 3, and RFC 4231, section 4.3: test case 2.
    it.each<[HashAlgorithm, string]>([
      ['sha1', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
      ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
      [
        'sha512',
        '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554' +
          '9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
      ],
    ])('knows the answer for %s', (algorithm, digest) => {
      const mac = platform.hmacBase64Url(algorithm, jefe, 'what do ya want for nothing?')

      expect(hex(platform.fromBase64Url(mac))).toBe(digest)
    })

    it('hashes a key that is longer than a block', () => {
      // RFC 4231, section 4.7: test case 6.
      const text = 'Test Using Larger Than Block-Size Key - Hash Key First'

      const key = platform.secretKey(new Uint8Array(131).fill(0xaa))

      const mac = platform.hmacBase64Url('sha256', key, text)

      expect(hex(platform.fromBase64Url(mac))).toBe(
        '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
      )
    })

    it('takes a text as its UTF-8', () => {
      const key = jefe
      const alone = platform.hmacBase64Url('sha256', key, 'a\ud800')
      const replaced = platform.hmacBase64Url('sha256', key, 'a\ufffd')

      // What Python's hmac module says.
      expect(platform.hmacBase64Url('sha256', key, 'a\u00e9\u20ac\u{1f511}')).toBe(
        'oWgc3Nc06UV64HM9Fubw2R0CUp3BYZsaoJhClq8Wfs0',
      )
      expect(alone).toBe(replaced)
    })

    it('keeps to the key that it was given, whatever becomes of its bytes', () => {
      const given = ascii('Jefe')
      const key = platform.secretKey(given)
      given.fill(0)

      expect(platform.hmacBase64Url('sha256', key, 'text')).toBe(
        platform.hmacBase64Url('sha256', jefe, 'text'),
      )
    })
  })

  describe('hkdf', () => {
    // RFC 5869, appendix A.
    it('knows test case 1', () => {
      const key = platform.hkdf(
        new Uint8Array(22).fill(0x0b),
        fromHex('000102030405060708090a0b0c'),
        fromHex('f0f1f2f3f4f5f6f7f8f9'),
        42,
      )

      expect(hex(key)).toBe(
        '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
      )
    })

    it('knows test case 3, without salt and info', () => {
      const none = new Uint8Array()

      const key = platform.hkdf(new Uint8Array(22).fill(0x0b), none, none, 42)

      expect(hex(key)).toBe(
        '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
      )
    })
  })

  describe('timingSafeEqual', () => {
    it('tells whether the bytes are the same', () => {
      expect(platform.timingSafeEqual(ascii('abc'), ascii('abc'))).toBe(true)
      expect(platform.timingSafeEqual(ascii('abc'), ascii('abd'))).toBe(false)
      expect(platform.timingSafeEqual(ascii('xbc'), ascii('abc'))).toBe(false)
      expect(platform.timingSafeEqual(ascii(''), ascii(''))).toBe(true)
    })

    it('takes unequal lengths for a difference', () => {
      expect(platform.timingSafeEqual(ascii('abc'), ascii('ab'))).toBe(false)
      expect(platform.timingSafeEqual(ascii('ab'), ascii('ab\0'))).toBe(false)
    })
  })

  describe('AES-256-GCM', () => {
    // The GCM specification, appendix B, test case 16.
    const secret = fromHex('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308')
    const key = platform.secretKey(secret)
    const nonce = fromHex('cafebabefacedbaddecaf888')
    const aad = fromHex('feedfacedeadbeeffeedfacedeadbeefabaddad2')
    const plain = fromHex(
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
        '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    )
    const sealed = fromHex(
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
        '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
    )

    it('knows the answer', () => {
      expect(hex(platform.aesGcmSeal(key, nonce, plain, aad))).toBe(hex(sealed))
      expect(hex(platform.aesGcmOpen(key, nonce, sealed, aad))).toBe(hex(plain))
    })

    it('refuses what was changed, any bit of it', () => {
      for (let at = 0; at < sealed.length * 8; at++) {
        expect(platform.aesGcmOpen(key, nonce, changed(sealed, at), aad)).toBeUndefined()
      }
      const another = platform.secretKey(changed(secret, 9))
      expect(platform.aesGcmOpen(another, nonce, sealed, aad)).toBeUndefined()
      expect(platform.aesGcmOpen(key, changed(nonce, 9), sealed, aad)).toBeUndefined()
      expect(platform.aesGcmOpen(key, nonce, sealed, changed(aad, 9))).toBeUndefined()
    })

    it('refuses what was cut, a nonce as well', () => {
      for (let length = 0; length < sealed.length; length++) {
        expect(platform.aesGcmOpen(key, nonce, sealed.subarray(0, length), aad)).toBeUndefined()
      }
      expect(platform.aesGcmOpen(key, nonce.subarray(1), sealed, aad)).toBeUndefined()
      expect(platform.aesGcmOpen(key, new Uint8Array(), sealed, aad)).toBeUndefined()
    })

    it('opens what the other platform sealed', () => {
      fc.assert(
        fc.property(views, views, bytes({ minLength: 44, maxLength: 44 }), (data, more, random) => {
          const [k, n] = [random.subarray(0, 32), random.subarray(32)]
          const theirs = other.secretKey(k)

          const result = platform.aesGcmSeal(platform.secretKey(k), n, data, more)

          expect(hex(result)).toBe(hex(other.aesGcmSeal(theirs, n, data, more)))
          expect(hex(other.aesGcmOpen(theirs, n, result, more))).toBe(hex(data))
        }),
      )
    })
  })

  describe('deflate and inflate', () => {
    const limit = 1_000_000

    it('writes the header of zlib at level 6', () => {
      expect(hex(platform.deflate(ascii('abc')))).toMatch(/^789c/)
    })

    it('reads what Python wrote', () => {
      const data = fromHex('789c4b4c4a0600024d0127')

      expect(hex(platform.inflate(data, limit))).toBe(hex(ascii('abc')))
    })

    it('makes repetition short', () => {
      expect(platform.deflate(new Uint8Array(100_000)).length).toBeLessThan(200)
    })

    it('reads what it wrote, and what the other platform wrote', () => {
      const compressible = fc
        .array(views, { maxLength: 20 })
        .chain((parts) =>
          fc.array(fc.constantFrom(...parts, new Uint8Array(50)), { maxLength: 200 }),
        )
      fc.assert(
        fc.property(compressible, (parts) => {
          const data = concat(...parts)

          expect(hex(platform.inflate(platform.deflate(data), limit))).toBe(hex(data))
          expect(hex(platform.inflate(other.deflate(data), limit))).toBe(hex(data))
        }),
      )
    })

    it('reads megabytes, compressible or not', () => {
      for (const data of [platform.randomBytes(3_000_000), new Uint8Array(3_000_000)]) {
        const read = platform.inflate(platform.deflate(data), 3_000_000) ?? new Uint8Array()

        expect(Buffer.compare(read, data)).toBe(0)
      }
    })

    it('accepts exactly as much as is allowed', () => {
      const data = platform.deflate(new Uint8Array(5000).fill(7))

      expect(platform.inflate(data, 5000)).toHaveLength(5000)
      expect(platform.inflate(data, 4999)).toBeUndefined()
      expect(platform.inflate(data, 1)).toBeUndefined()
    })

    it('refuses a bomb before it goes off', () => {
      const bomb = node.deflate(new Uint8Array(200_000_000))
      const before = process.memoryUsage()

      expect(platform.inflate(bomb, 1_000_000)).toBeUndefined()

      const after = process.memoryUsage()
      const grown = after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed
      expect(grown).toBeLessThan(30_000_000)
    })

    it('refuses data that was cut anywhere', () => {
      const data = platform.deflate(ascii('{"cart":[1,2,3],"cart2":[1,2,3]}'.repeat(20)))

      for (let length = 0; length < data.length; length++) {
        expect(platform.inflate(data.subarray(0, length), limit)).toBeUndefined()
      }
    })

    it('refuses data that was changed, any byte of it', () => {
      const data = platform.deflate(ascii('{"cart":[1,2,3],"cart2":[1,2,3]}'.repeat(20)))

      for (let at = 0; at < data.length; at++) {
        const wrong = data.map((byte, i) => (i === at ? byte ^ 0xff : byte))

        expect(platform.inflate(wrong, limit)).toBeUndefined()
      }
    })

    it('refuses what is followed by something else', () => {
      const data = concat(platform.deflate(ascii('abcabcabcabc')), ascii('more'))

      expect(platform.inflate(data, limit)).toBeUndefined()
    })

    it('refuses gzip, raw deflate data and a preset dictionary', () => {
      const data = platform.deflate(ascii('abc'))

      expect(platform.inflate(fromHex('1f8b0800000000000003'), limit)).toBeUndefined()
      expect(platform.inflate(data.subarray(2), limit)).toBeUndefined()
      expect(platform.inflate(concat(fromHex('78bb'), data.subarray(2)), limit)).toBeUndefined()
    })

    it('refuses a header of more than 32 KiB of window, and one whose check bits are wrong', () => {
      const data = platform.deflate(ascii('abc')).subarray(2)

      expect(platform.inflate(concat(fromHex('881c'), data), limit)).toBeUndefined()
      expect(platform.inflate(concat(fromHex('789d'), data), limit)).toBeUndefined()
    })

    it.each(['abc', ''])(
      'refuses data without a last block, whose checksum is right (%o)',
      (text) => {
        const whole = zlib.deflateSync(text)
        const unfinished = zlib.deflateSync(text, { finishFlush: zlib.constants.Z_SYNC_FLUSH })

        const data = concat(unfinished, whole.subarray(-4))
        const longer = concat(unfinished, zlib.deflateSync(`${text}\0`).subarray(-4))

        expect(platform.inflate(data, limit)).toBeUndefined()
        expect(platform.inflate(longer, limit)).toBeUndefined()
        expect(
          platform.inflate(concat(data.subarray(0, -9), data.subarray(-4)), limit),
        ).toBeUndefined()
      },
    )

    it('answers any bytes as the other platform does', () => {
      const header = fc.constantFrom(fromHex(''), fromHex('789c'), fromHex('7801'))
      fc.assert(
        fc.property(header, bytes({ maxLength: 64 }), (start, rest) => {
          const data = concat(start, rest)

          expect(hex(platform.inflate(data, 4096))).toBe(hex(other.inflate(data, 4096)))
        }),
        { numRuns: 2000 },
      )
    })
  })

  describe('the other platform', () => {
    it('agrees on every hash', () => {
      fc.assert(
        fc.property(fc.constantFrom(...algorithms), views, anyText, (algorithm, bytes, text) => {
          expect(hex(platform.hash(algorithm, bytes))).toBe(hex(other.hash(algorithm, bytes)))
          expect(platform.hmacBase64Url(algorithm, platform.secretKey(bytes), text)).toBe(
            other.hmacBase64Url(algorithm, other.secretKey(bytes), text),
          )
        }),
      )
    })

    it('agrees on derived keys', () => {
      fc.assert(
        fc.property(views, views, views, fc.integer({ min: 1, max: 100 }), (a, b, c, length) => {
          expect(hex(platform.hkdf(a, b, c, length))).toBe(hex(other.hkdf(a, b, c, length)))
        }),
      )
    })

    it('agrees on what is UTF-8', () => {
      fc.assert(
        fc.property(views, (data) => {
          expect(platform.fromUtf8(data)).toBe(other.fromUtf8(data))
          expect(platform.fromLatin1(data)).toBe(other.fromLatin1(data))
        }),
      )
    })

    it('agrees on what is base64', () => {
      const almost = fc.string({
        unit: fc.constantFrom(...Array.from('AQgwEZz09-_=+/ \n\u00e9')),
        maxLength: 9,
      })
      fc.assert(
        fc.property(fc.oneof(almost, anyText), (text) => {
          expect(hex(platform.fromBase64Url(text))).toBe(hex(other.fromBase64Url(text)))
        }),
        { numRuns: 3000 },
      )
    })
  })
})

describe('loading a platform', () => {
  afterEach(restoreBuiltins)

  it.each(['node', 'portable'])('asks for nothing random (%s)', async (name) => {
    const { fill, random } = watchRandomness()

    const { platform } = await freshPlatform(name)

    expect(fill).not.toHaveBeenCalled()
    expect(random).not.toHaveBeenCalled()
    platform.randomBytes(16)
    expect(fill.mock.calls.length + random.mock.calls.length).toBe(1)
  })
})

describe('the pool of random bytes on Node', () => {
  afterEach(restoreBuiltins)

  it('is filled once for many keys', async () => {
    const { fill } = watchRandomness()
    const { platform } = await freshPlatform('node')

    for (let i = 0; i < 257; i++) platform.randomBytes(16)

    expect(fill).toHaveBeenCalledTimes(2)
  })

  it('forgets what it has handed out', async () => {
    const { fill } = watchRandomness()
    const { platform } = await freshPlatform('node')

    const bytes = platform.randomBytes(32)

    const pool = Buffer.from(fill.mock.calls[0]?.[0] as Uint8Array)
    expect(pool.includes(Buffer.from(bytes))).toBe(false)
    expect(hex(pool.subarray(0, 33))).toMatch(/^(?:00){32}/)
  })
})

/** Those of `node:timers` as well, which Node's platform takes. */
function fakeAllTimers(): void {
  vi.useFakeTimers()
  vi.spyOn(timers, 'setTimeout').mockImplementation(globalThis.setTimeout)
  syncBuiltinESMExports()
}

function restoreTime(): void {
  vi.useRealTimers()
  restoreBuiltins()
}

function watchRandomness() {
  const fill = vi.spyOn(crypto, 'randomFillSync')
  const random = vi.spyOn(globalThis.crypto, 'getRandomValues')
  syncBuiltinESMExports()
  return { fill, random }
}

function restoreBuiltins(): void {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
}

/** As loaded for the first time. */
async function freshPlatform(name: string): Promise<{ platform: Platform }> {
  vi.resetModules()
  return (await import(`../src/platform/${name}.ts`)) as { platform: Platform }
}
