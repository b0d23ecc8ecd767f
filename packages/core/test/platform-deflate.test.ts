import { Buffer } from 'node:buffer'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { platform as node } from '../src/platform/node.ts'
import { fc } from './support/fast-check.ts'
import { ascii, bytes, concat, fromHex, hex, platforms, views } from './support/platforms.ts'

describe.each(platforms)('the platform %s', (_, platform, other) => {
  describe('deflate and inflate', () => {
    const limit = 1_000_000

    it('writes the zlib header of level 6', () => {
      expect(hex(platform.deflate(ascii('abc')))).toMatch(/^789c/)
    })

    it('inflates data from Python', () => {
      const data = fromHex('789c4b4c4a0600024d0127')

      expect(hex(platform.inflate(data, limit))).toBe(hex(ascii('abc')))
    })

    it('compresses repetition', () => {
      expect(platform.deflate(new Uint8Array(100_000)).length).toBeLessThan(200)
    })

    it('inflates its own data and that of the other platform', () => {
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

    it('round-trips megabytes, compressible or not', () => {
      for (const data of [platform.randomBytes(3_000_000), new Uint8Array(3_000_000)]) {
        const read = platform.inflate(platform.deflate(data), 3_000_000) ?? new Uint8Array()

        expect(Buffer.compare(read, data)).toBe(0)
      }
    })

    it('inflates to maxBytes, but not beyond', () => {
      const data = platform.deflate(new Uint8Array(5000).fill(7))

      expect(platform.inflate(data, 5000)).toHaveLength(5000)
      expect(platform.inflate(data, 4999)).toBeUndefined()
      expect(platform.inflate(data, 1)).toBeUndefined()
    })

    it('rejects a decompression bomb without inflating it', () => {
      const bomb = node.deflate(new Uint8Array(200_000_000))
      const before = process.memoryUsage()

      expect(platform.inflate(bomb, 1_000_000)).toBeUndefined()

      const after = process.memoryUsage()
      const grown = after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed
      expect(grown).toBeLessThan(30_000_000)
    })

    it('rejects data truncated anywhere', () => {
      const data = platform.deflate(ascii('{"cart":[1,2,3],"cart2":[1,2,3]}'.repeat(20)))

      for (let length = 0; length < data.length; length++) {
        expect(platform.inflate(data.subarray(0, length), limit)).toBeUndefined()
      }
    })

    it('rejects data with any byte changed', () => {
      const data = platform.deflate(ascii('{"cart":[1,2,3],"cart2":[1,2,3]}'.repeat(20)))

      for (let at = 0; at < data.length; at++) {
        const wrong = data.map((byte, i) => (i === at ? byte ^ 0xff : byte))

        expect(platform.inflate(wrong, limit)).toBeUndefined()
      }
    })

    it('rejects data followed by something else', () => {
      const data = concat(platform.deflate(ascii('abcabcabcabc')), ascii('more'))

      expect(platform.inflate(data, limit)).toBeUndefined()
    })

    it('rejects gzip, raw deflate data and a preset dictionary', () => {
      const data = platform.deflate(ascii('abc'))

      expect(platform.inflate(fromHex('1f8b0800000000000003'), limit)).toBeUndefined()
      expect(platform.inflate(data.subarray(2), limit)).toBeUndefined()
      expect(platform.inflate(concat(fromHex('78bb'), data.subarray(2)), limit)).toBeUndefined()
    })

    it('rejects a header with a window above 32 KiB or with wrong check bits', () => {
      const data = platform.deflate(ascii('abc')).subarray(2)

      expect(platform.inflate(concat(fromHex('881c'), data), limit)).toBeUndefined()
      expect(platform.inflate(concat(fromHex('789d'), data), limit)).toBeUndefined()
    })

    it.each(['abc', ''])(
      'rejects data without a final block, even if the checksum is right (%o)',
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

    it('treats any bytes as the other platform does', () => {
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
})
