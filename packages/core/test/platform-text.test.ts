import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { fc } from './support/fast-check.ts'
import { anyText, ascii, fromHex, hex, platforms, views } from './support/platforms.ts'

describe.each(platforms)('the platform %s', (_, platform, other) => {
  describe('text', () => {
    it('encodes UTF-8', () => {
      expect(hex(platform.utf8('a\u00e9\u20ac\u{1f511}'))).toBe('61c3a9e282acf09f9491')
    })

    it('encodes a lone surrogate as U+FFFD', () => {
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

    it.each(['ff', 'c3', 'c0af', 'eda080', 'f4908080', '61ff61'])('rejects %s as UTF-8', (text) => {
      expect(platform.fromUtf8(fromHex(text))).toBeUndefined()
    })

    it('round-trips latin-1, each byte as one character', () => {
      const all = Uint8Array.from({ length: 10_000 }, (_, i) => i % 256)

      const text = platform.fromLatin1(all)

      expect(text.charCodeAt(0x80)).toBe(0x80)
      expect(text.charCodeAt(0xff)).toBe(0xff)
      expect(hex(platform.latin1(text))).toBe(hex(all))
    })

    it('decodes as the other platform does', () => {
      fc.assert(
        fc.property(views, (data) => {
          expect(platform.fromUtf8(data)).toBe(other.fromUtf8(data))
          expect(platform.fromLatin1(data)).toBe(other.fromLatin1(data))
        }),
      )
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
    ])('encodes %o as %o, and decodes it', (text, encoded) => {
      expect(platform.base64Url(ascii(text))).toBe(encoded)
      expect(hex(platform.fromBase64Url(encoded))).toBe(hex(ascii(text)))
    })

    it('uses the URL-safe alphabet', () => {
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
      ['a character outside the alphabet', 'Zm9v!'],
      ['a character outside latin-1', 'Zm9\u0176'],
      ['a lone surrogate', 'Zm9\ud800'],
      ['half of the padding', 'Zg='],
      ['too much padding', 'Zg==='],
      ['unnecessary padding', 'Zm9v='],
      ['four additional characters of padding', 'Zm9v===='],
      ['nothing but padding', '='],
      ['nothing but four characters of padding', '===='],
      ['padding in the middle', 'Zg==Zg=='],
      ['an impossible length, one', 'Z'],
      ['an impossible length, five', 'Zm9vY'],
      ['unused bits that are not zero, four', 'Zh'],
      ['unused bits that are not zero, two', 'Zm9'],
    ])('rejects %s', (_what, text) => {
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

    it('decodes megabytes', () => {
      const data = platform.randomBytes(3_000_001)

      const read = platform.fromBase64Url(platform.base64Url(data)) ?? new Uint8Array()

      expect(Buffer.compare(data, read)).toBe(0)
    })

    it('accepts the same texts as the other platform', () => {
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
