import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { BadSignatureError, InvalidSettingError, SignatureExpiredError } from '../src/errors.ts'
import { Signer, TimestampSigner } from '../src/signing/signing.ts'
import { at, expectedSignature, secretKey, thrownBy } from './support/signatures.ts'

const later = (seconds: number) =>
  new TimestampSigner({ secretKey, clock: at(123_456_789 + seconds) })
const signer = later(0)

describe('TimestampSigner', () => {
  it('signs a value with a timestamp, and restores it', () => {
    const signed = signer.sign('hello')

    expect(signed).not.toBe(new TimestampSigner({ secretKey, clock: at(1) }).sign('hello'))
    expect(signed).toBe(
      `hello:8M0kX:${expectedSignature('hello:8M0kX', { salt: 'django.core.signing.TimestampSigner' })}`,
    )
    expect(signer.unsign(signed)).toBe('hello')
  })

  it('accepts a signature of exactly maxAge, and rejects an older one', () => {
    const signed = signer.sign('hello')

    expect(later(11).unsign(signed, { maxAge: 12 })).toBe('hello')
    expect(later(11).unsign(signed, { maxAge: 11 })).toBe('hello')
    expect(() => later(11).unsign(signed, { maxAge: 10 })).toThrow(SignatureExpiredError)
    expect(() => later(10.001).unsign(signed, { maxAge: 10 })).toThrow(SignatureExpiredError)
    expect(later(1e9).unsign(signed)).toBe('hello')
    expect(later(1e9).unsign(signed, { maxAge: Infinity })).toBe('hello')
  })

  it('accepts a timestamp in the future', () => {
    expect(later(-100).unsign(signer.sign('hello'), { maxAge: 10 })).toBe('hello')
  })

  it('accepts only the current second with maxAge 0, and none with a negative one', () => {
    const signed = signer.sign('hello')

    expect(signer.unsign(signed, { maxAge: 0 })).toBe('hello')
    expect(() => signer.unsign(signed, { maxAge: -1 })).toThrow(SignatureExpiredError)
  })

  it.each([NaN, '10', null])('rejects %o as maxAge, with which nothing could expire', (maxAge) => {
    const options = { maxAge: maxAge as number }

    expect(thrownBy(() => signer.unsign(signer.sign('hello'), options))).toMatchObject({
      code: 'INVALID_SETTING',
      setting: 'maxAge',
    })
  })

  it.each([{ max_age: 10 }, 10, null])(
    'rejects %j in place of `{ maxAge }`, with which nothing would expire',
    (options) => {
      const signed = signer.sign('hello')

      expect(() => signer.unsign(signed, options as object)).toThrow(InvalidSettingError)
    },
  )

  it('rejects everything if the clock returns NaN', () => {
    const broken = new TimestampSigner({ secretKey, clock: at(NaN) })

    expect(() => broken.unsign(signer.sign('hello'), { maxAge: 10 })).toThrow(SignatureExpiredError)
  })

  it('throws SignatureExpiredError with its own code, a subclass of BadSignatureError', () => {
    const error = thrownBy(() => later(11).unsign(signer.sign('hello'), { maxAge: 10 }))

    expect(error).toBeInstanceOf(BadSignatureError)
    expect(error).toMatchObject({ code: 'SIGNATURE_EXPIRED', name: 'SignatureExpiredError' })
  })

  it('checks the signature before the age', () => {
    const error = thrownBy(() => later(11).unsign(`${signer.sign('hello')}x`, { maxAge: 10 }))

    expect(error).toMatchObject({ code: 'BAD_SIGNATURE' })
  })

  it('drops fractions of a second from what it signs', () => {
    const clock = at(123_456_789.999)

    expect(new TimestampSigner({ secretKey, clock }).timestamp()).toBe('8M0kX')
  })

  it('signs times before 1970', () => {
    const before = new TimestampSigner({ secretKey, clock: at(-1) })

    expect(before.sign('a')).toMatch(/^a:-1:/)
    expect(before.unsign(before.sign('a'), { maxAge: 1 })).toBe('a')
  })

  it('uses the machine’s clock by default', () => {
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ now: 123_456_789_000 })

    expect(new TimestampSigner({ secretKey }).timestamp()).toBe('8M0kX')
  })

  it.each(['hello', 'hello:', 'hello:-', 'hello:!', 'hello: 1', 'hello:zzzzzzzzzzzz', ''])(
    'rejects %o, which is signed, but without a timestamp',
    (text) => {
      const plain = new Signer({ secretKey, salt: 'django.core.signing.TimestampSigner' })

      expect(() => signer.unsign(plain.sign(text))).toThrow(BadSignatureError)
    },
  )

  it('checks maxAge for objects and JSON text too', () => {
    const signed = signer.signObject({ a: 1 })

    expect(later(10).unsignObject(signed, { maxAge: 10 })).toEqual({ a: 1 })
    expect(later(10).unsignText(signed, { maxAge: 10 })).toBe('{"a":1}')
    expect(() => later(11).unsignObject(signed, { maxAge: 10 })).toThrow(SignatureExpiredError)
    expect(() => later(11).unsignText(signed, { maxAge: 10 })).toThrow(SignatureExpiredError)
  })
})
