import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pack, unpack } from '../src/payload.ts'

const zipped = (bytes: Uint8Array): string => deflateSync(bytes).toString('base64url')

describe('pack', () => {
  it('compresses data above 1 KiB if that makes it shorter', () => {
    expect(pack('x'.repeat(1024)).compressed).toBe(false)
    expect(pack('x'.repeat(1025)).compressed).toBe(true)
  })

  it('does not compress data that would be too large to inflate again', () => {
    expect(pack('x'.repeat(1_048_576)).compressed).toBe(true)
    expect(pack('x'.repeat(1_048_577)).compressed).toBe(false)
  })
})

describe('unpack', () => {
  it('refuses a payload that inflates to more than a mebibyte', () => {
    const fits = zipped(Buffer.alloc(1_048_576, 'x'))
    const bomb = zipped(Buffer.alloc(1_048_577, 'x'))
    expect(unpack({ text: fits, compressed: true })).toHaveLength(1_048_576)
    expect(unpack({ text: bomb, compressed: true })).toBeUndefined()
  })

  it.each(['!', 'A', 'AA=', zipped(Buffer.from('text')).slice(0, -2)])('refuses %j', (text) => {
    expect(unpack({ text, compressed: true })).toBeUndefined()
  })

  it('refuses a payload that is not UTF-8', () => {
    const text = Buffer.from([0xff, 0xfe]).toString('base64url')
    expect(unpack({ text, compressed: false })).toBeUndefined()
    expect(unpack({ text: zipped(Buffer.from([0xff])), compressed: true })).toBeUndefined()
  })
})
