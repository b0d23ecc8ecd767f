import { InvalidSettingError } from '@sessions/core'
import { describe, expect, it } from 'vitest'
import { encryptedCookieEngine, signedCookieEngine } from '../src/index.ts'
import { all, own } from './engines.ts'
import { SECRET } from './visitor.ts'

describe.each(own)('%s', (_, make) => {
  it.each(['', 'short', 'x'.repeat(31), undefined, 42])('refuses the secret %j', (secret) => {
    const secretKey = secret as string
    expect(() => make({ secretKey })).toThrow(InvalidSettingError)
    expect(() => make({ secretKey })).toThrow(/^secretKey .* `openssl rand -base64 32`/)
    expect(() => make({ secretKeyFallbacks: [SECRET, secretKey] })).toThrow(/^secretKeyFallbacks /)
  })

  it('does not quote the secret in its error', () => {
    expect(() => make({ secretKey: 'hunter2' })).not.toThrow('hunter2')
  })

  it('takes a secret of 32 characters', () => {
    expect(() => make({ secretKey: 'x'.repeat(32) })).not.toThrow()
  })

  it.each([0, -1, 1.5, 21, Number.NaN, '2'])('refuses %j chunks', (chunks) => {
    expect(() => make({ chunks: chunks as number })).toThrow(/^chunks must be a whole number/)
  })
})

describe.each([
  ['signedCookieEngine', signedCookieEngine, 'secretKey, secretKeyFallbacks, chunks, format'],
  ['encryptedCookieEngine', encryptedCookieEngine, 'secretKey, secretKeyFallbacks, chunks'],
] as const)('%s', (name, make, names) => {
  it.each([undefined, null, SECRET])(
    'refuses %j as its options, and does not quote them',
    (options) => {
      const message = `options of ${name} must be an object; valid names are ${names}.`
      expect(() => make(options as never)).toThrow(message)
    },
  )

  it('refuses an unknown option', () => {
    const options = { secretKey: SECRET, secret: SECRET }
    const message = `secret is not an option of ${name}: valid names are ${names}.`
    expect(() => make(options)).toThrow(message)
  })
})

describe.each(all)('%s', (_, make) => {
  it('refuses a string as its secretKeyFallbacks', () => {
    const secretKeyFallbacks = SECRET as unknown as readonly string[]
    expect(() => make({ secretKeyFallbacks })).toThrow(/^secretKeyFallbacks /)
  })

  it('has a name for errors', () => {
    expect(make().name).toMatch(/-cookies$/)
  })
})

const django = (secretKey: string) => () => signedCookieEngine({ secretKey, format: 'django' })

describe('signedCookieEngine', () => {
  it('refuses an unknown format', () => {
    const format = 'rails' as 'django'
    expect(() => signedCookieEngine({ secretKey: SECRET, format })).toThrow(/^format must be/)
  })

  it("accepts a secret of any length in Django's format, unless it is empty", () => {
    expect(django('short')).not.toThrow()
    expect(django('')).toThrow(/^secretKey /)
  })

  it('is the only engine with a format option', () => {
    const options = { secretKey: SECRET, format: 'django' } as const
    expect(() => encryptedCookieEngine(options)).toThrow(/^format is not an option/)
  })

  it("refuses chunks in Django's format", () => {
    const options = { secretKey: SECRET, format: 'django', chunks: 2 } as const
    expect(() => signedCookieEngine(options)).toThrow(
      /^chunks cannot be used with the format 'django'/,
    )
  })
})
