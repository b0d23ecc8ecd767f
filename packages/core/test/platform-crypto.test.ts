import { describe, expect, it } from 'vitest'
import type { HashAlgorithm } from '../src/platform/contract.ts'
import { fc } from './support/fast-check.ts'
import { anyText, ascii, bytes, fromHex, hex, platforms, views } from './support/platforms.ts'

const algorithms: HashAlgorithm[] = ['sha1', 'sha256', 'sha512']

/** The same bytes with one bit flipped. */
const changed = (data: Uint8Array, at: number) =>
  data.map((byte, i) => (i === Math.floor(at / 8) ? byte ^ (1 << (at % 8)) : byte))

describe.each(platforms)('the platform %s', (_, platform, other) => {
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
    ])('computes the %s of abc', (algorithm, digest) => {
      expect(hex(platform.hash(algorithm, ascii('abc')))).toBe(digest)
    })

    it('computes the SHA-256 of a string in hex', () => {
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

    it('and HMACs equal those of the other platform', () => {
      fc.assert(
        fc.property(fc.constantFrom(...algorithms), views, anyText, (algorithm, bytes, text) => {
          expect(hex(platform.hash(algorithm, bytes))).toBe(hex(other.hash(algorithm, bytes)))
          expect(platform.hmacBase64Url(algorithm, platform.secretKey(bytes), text)).toBe(
            other.hmacBase64Url(algorithm, other.secretKey(bytes), text),
          )
        }),
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
    ])('passes the test vector for %s', (algorithm, digest) => {
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

      // From Python's hmac module.
      expect(platform.hmacBase64Url('sha256', key, 'a\u00e9\u20ac\u{1f511}')).toBe(
        'oWgc3Nc06UV64HM9Fubw2R0CUp3BYZsaoJhClq8Wfs0',
      )
      expect(alone).toBe(replaced)
    })

    it('copies the key, so that changing its bytes has no effect', () => {
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
    it('passes test case 1', () => {
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

    it('passes test case 3, without salt and info', () => {
      const none = new Uint8Array()

      const key = platform.hkdf(new Uint8Array(22).fill(0x0b), none, none, 42)

      expect(hex(key)).toBe(
        '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
      )
    })

    it('derives the same keys as the other platform', () => {
      fc.assert(
        fc.property(views, views, views, fc.integer({ min: 1, max: 100 }), (a, b, c, length) => {
          expect(hex(platform.hkdf(a, b, c, length))).toBe(hex(other.hkdf(a, b, c, length)))
        }),
      )
    })
  })

  describe('timingSafeEqual', () => {
    it('compares bytes', () => {
      expect(platform.timingSafeEqual(ascii('abc'), ascii('abc'))).toBe(true)
      expect(platform.timingSafeEqual(ascii('abc'), ascii('abd'))).toBe(false)
      expect(platform.timingSafeEqual(ascii('xbc'), ascii('abc'))).toBe(false)
      expect(platform.timingSafeEqual(ascii(''), ascii(''))).toBe(true)
    })

    it('returns false for unequal lengths', () => {
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

    it('passes the test vector', () => {
      expect(hex(platform.aesGcmSeal(key, nonce, plain, aad))).toBe(hex(sealed))
      expect(hex(platform.aesGcmOpen(key, nonce, sealed, aad))).toBe(hex(plain))
    })

    it('rejects data with any bit changed', () => {
      for (let at = 0; at < sealed.length * 8; at++) {
        expect(platform.aesGcmOpen(key, nonce, changed(sealed, at), aad)).toBeUndefined()
      }
      const another = platform.secretKey(changed(secret, 9))
      expect(platform.aesGcmOpen(another, nonce, sealed, aad)).toBeUndefined()
      expect(platform.aesGcmOpen(key, changed(nonce, 9), sealed, aad)).toBeUndefined()
      expect(platform.aesGcmOpen(key, nonce, sealed, changed(aad, 9))).toBeUndefined()
    })

    it('rejects truncated data and a truncated nonce', () => {
      for (let length = 0; length < sealed.length; length++) {
        expect(platform.aesGcmOpen(key, nonce, sealed.subarray(0, length), aad)).toBeUndefined()
      }
      expect(platform.aesGcmOpen(key, nonce.subarray(1), sealed, aad)).toBeUndefined()
      expect(platform.aesGcmOpen(key, new Uint8Array(), sealed, aad)).toBeUndefined()
    })

    it('decrypts what the other platform encrypted', () => {
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
})
