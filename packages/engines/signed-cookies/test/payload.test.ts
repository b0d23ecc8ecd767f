import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pack, unpack } from '../src/payload.ts'

const zipped = (bytes: Uint8Array): string => deflateSync(bytes).toString('base64url')

describe('pack', () => {
  it('compresses above 1 KiB, where that is shorter', () => {
    expect(pack('x'.repeat(1024)).compressed).toBe(false)
    expect(pack('x'.repeat(1025)).compressed).toBe(true)
  })

  it('leaves what is too large to be read again uncompressed', () => {
    expect(pack('x'.repeat(1_048_576)).compressed).toBe(true)
    expect(pack('x'.repeat(1_048_577)).compressed).toBe(false)
  })
})

describe('unpack', () => {
  it('refuses what inflates to more than a mebibyte', () => {
    const fits = zipped(Buffer.alloc(1_048_576, 'x'))
    const bomb = zipped(Buffer.alloc(1_048_577, 'x'))
    expect(unpack({ text: fits, compressed: true })).toHaveLength(1_048_576)
    expect(unpack({ text: bomb, compressed: true })).toBeUndefined()
  })

  it.each(['!', 'A', 'AA=', zipped(Buffer.from('text')).slice(0, -2)])('refuses %j', (text) => {
    expect(unpack({ text, compressed: true })).toBeUndefined()
  })

  it('refuses what is not UTF-8', () => {
    const text = Buffer.from([0xff, 0xfe]).toString('base64url')
    expect(unpack({ text, compressed: false })).toBeUndefined()
    expect(unpack({ text: zipped(Buffer.from([0xff])), compressed: true })).toBeUndefined()
  })
})
