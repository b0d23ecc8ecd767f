import { Buffer } from 'node:buffer'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Platform } from '../src/platform/contract.ts'
import { hex, platforms } from './support/platforms.ts'

describe.each(platforms)('the platform %s', (_, platform) => {
  describe('randomBytes', () => {
    it.each([0, 1, 16, 24, 512, 513, 4096, 70_000])('returns %i bytes', (size) => {
      expect(platform.randomBytes(size)).toHaveLength(size)
    })

    it('never returns the same bytes twice', () => {
      const seen = new Set(Array.from({ length: 5000 }, () => hex(platform.randomBytes(16))))

      expect(seen.size).toBe(5000)
    })

    it('returns bytes that later calls do not change', () => {
      const first = platform.randomBytes(32)
      const before = hex(first)

      for (let i = 0; i < 1000; i++) platform.randomBytes(32).fill(0)

      expect(hex(first)).toBe(before)
    })

    it('returns a separate buffer, which contains no other secrets', () => {
      expect(platform.randomBytes(32).buffer.byteLength).toBe(32)
    })

    it('never returns zeros instead of random bytes, whatever the sizes', () => {
      for (let size = 0; size < 600; size++) {
        const random = platform.randomBytes(size)

        expect(random.filter((byte) => byte === 0).length).toBeLessThan(20)
      }
    })

    it('returns every byte value', () => {
      expect(new Set(platform.randomBytes(100_000)).size).toBe(256)
    })

    it('rejects a negative size, and works afterwards', () => {
      expect(() => platform.randomBytes(-1)).toThrow(RangeError)
      expect(hex(platform.randomBytes(16))).not.toBe('00'.repeat(16))
    })
  })
})

describe('loading a platform', () => {
  afterEach(restoreBuiltins)

  it.each(['node', 'portable'])('draws no random bytes (%s)', async (name) => {
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

  it('overwrites the bytes that it has returned', async () => {
    const { fill } = watchRandomness()
    const { platform } = await freshPlatform('node')

    const bytes = platform.randomBytes(32)

    const pool = Buffer.from(fill.mock.calls[0]?.[0] as Uint8Array)
    expect(pool.includes(Buffer.from(bytes))).toBe(false)
    expect(hex(pool.subarray(0, 33))).toMatch(/^(?:00){32}/)
  })
})

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

/** A new instance of the module. */
async function freshPlatform(name: string): Promise<{ platform: Platform }> {
  vi.resetModules()
  return (await import(`../src/platform/${name}.ts`)) as { platform: Platform }
}
