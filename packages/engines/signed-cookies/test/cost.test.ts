import type { CookieEngine } from '@sessions/core'
import { platform } from '@sessions/core/platform'
import { describe, expect, it, vi } from 'vitest'
import { encryptedCookieEngine, signedCookieEngine } from '../src/index.ts'
import { CONTEXT, own, RECORD } from './engines.ts'
import { OTHER_SECRET, SECRET } from './visitor.ts'

/* The cost of sealing, in cryptographic operations: times would depend on the machine. */

const work = {
  hkdf: vi.spyOn(platform, 'hkdf'),
  secretKey: vi.spyOn(platform, 'secretKey'),
  hmac: vi.spyOn(platform, 'hmacBase64Url'),
  aesGcmSeal: vi.spyOn(platform, 'aesGcmSeal'),
  aesGcmOpen: vi.spyOn(platform, 'aesGcmOpen'),
  deflate: vi.spyOn(platform, 'deflate'),
}

function counted(run: () => unknown): Readonly<Record<string, number>> {
  vi.clearAllMocks()
  run()
  const counts = Object.entries(work).map(([name, spy]) => [name, spy.mock.calls.length] as const)
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

/** An engine that has sealed and opened before, and so has derived its keys. */
function used(engine: CookieEngine): CookieEngine {
  engine.unseal(engine.seal(RECORD, CONTEXT), CONTEXT)
  return engine
}

describe('the cost of sealing', () => {
  const options = { secretKey: SECRET, secretKeyFallbacks: [OTHER_SECRET] }

  it('encrypted: is one encryption to seal and one decryption to open, without deriving a key again', () => {
    const engine = used(encryptedCookieEngine(options))
    const value = encryptedCookieEngine(options).seal(RECORD, CONTEXT)

    expect(counted(() => engine.seal(RECORD, CONTEXT))).toEqual({ aesGcmSeal: 1 })
    expect(counted(() => engine.unseal(value, CONTEXT))).toEqual({ aesGcmOpen: 1 })
  })

  it('encrypted: is no decryption for a value that no secret has sealed', () => {
    const engine = used(encryptedCookieEngine(options))
    const foreign = encryptedCookieEngine({ secretKey: 'a'.repeat(40) }).seal(RECORD, CONTEXT)

    engine.unseal(foreign, CONTEXT)

    expect(counted(() => engine.unseal(foreign, CONTEXT))).toEqual({})
  })

  it('signed: is one HMAC to seal and one to open, without deriving a key again', () => {
    const engine = used(signedCookieEngine(options))
    const record = { ...RECORD, data: '{"user":"grace"}' }
    const value = signedCookieEngine(options).seal(record, CONTEXT)

    expect(counted(() => engine.seal(RECORD, CONTEXT))).toEqual({ hmac: 1 })
    expect(counted(() => engine.unseal(value, CONTEXT))).toEqual({ hmac: 1 })
  })

  it.each(own)('%s: is nothing to open what was sealed or opened a moment ago', (_, make) => {
    const engine = make(options)
    const opened = make(options).seal(RECORD, CONTEXT)
    engine.unseal(opened, CONTEXT)
    const sealed = engine.seal(RECORD, CONTEXT)

    expect(counted(() => engine.unseal(opened, CONTEXT))).toEqual({})
    expect(counted(() => engine.unseal(sealed, CONTEXT))).toEqual({})
  })

  it('is nothing when an engine is created', () => {
    expect(counted(() => encryptedCookieEngine(options))).toEqual({})
    expect(counted(() => signedCookieEngine(options))).toEqual({})
  })
})
