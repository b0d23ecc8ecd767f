import { type HashAlgorithm, platform, type SecretKey } from '@sessions/core/platform'

import { fromBase62, toBase62 } from './base62.ts'
import { BadSignatureError, InvalidSettingError, SignatureExpiredError } from '../errors.ts'
import { toJson } from '../json.ts'
import { decodePayload, encodePayload, fromJson } from './signed-payload.ts'
import {
  checkedAlgorithm,
  checkedMaxAge,
  checkedSecrets,
  checkedSeparator,
  type SignerSettings,
  type SignObjectOptions,
  type UnsignOptions,
  withSalt,
} from './signer-settings.ts'

/** Signs text as Django's `Signer` does. Signed text is not encrypted: anybody can read it. */
export class Signer {
  readonly #secrets: readonly string[]
  readonly #keys: SecretKey[] = []
  readonly #salt: string
  readonly #algorithm: HashAlgorithm
  /** The separator between the value and its signature. */
  readonly sep: string

  /** @throws {InvalidSettingError} when a secret is empty, the separator is unsafe, or a setting is unknown or invalid. */
  constructor(settings: SignerSettings) {
    const {
      salt,
      sep = ':',
      algorithm = 'sha256',
    } = withSalt(settings, 'django.core.signing.Signer')
    this.#secrets = checkedSecrets(settings)
    this.#salt = salt
    this.#algorithm = checkedAlgorithm(algorithm)
    this.sep = checkedSeparator(sep)
  }

  /** Returns the signature of a value under the current secret: 43 characters of URL-safe base64 by default. */
  signature(value: unknown): string {
    return this.#signature(String(value), 0)
  }

  /**
   * Returns the value as a string, followed by the separator and the signature.
   *
   * @throws {InvalidSettingError} when the text contains a lone surrogate.
   */
  sign(value: unknown): string {
    const text = String(value)
    if (LONE_SURROGATE.test(text)) {
      throw new InvalidSettingError(
        'The text to sign',
        'contains a lone surrogate, which UTF-8 cannot represent: pass it through `toWellFormed()`.',
      )
    }
    return `${text}${this.sep}${this.#signature(text, 0)}`
  }

  /**
   * Verifies signed text, and returns the value without the signature.
   *
   * @throws {BadSignatureError} when none of the secrets has signed it.
   */
  unsign(signed: string): string {
    const { value, signature } = this.#split(signed)
    if (this.#matching(value, signature) < 0) {
      throw new BadSignatureError('The signature does not match.')
    }
    return value
  }

  /** Whether the text was signed with one of `secretKeyFallbacks`, and should be signed again with the current secret. */
  signedByFallback(signed: string): boolean {
    if (this.#secrets.length === 1) return false
    const { value, signature } = this.#split(signed)
    return this.#matching(value, signature) > 0
  }

  /**
   * Signs JSON text as a URL-safe payload.
   *
   * @param json JSON text; `unsignText` would not return any other text unchanged.
   */
  signText(json: string, options: SignObjectOptions = {}): string {
    return this.sign(encodePayload(json, options.compress ?? false))
  }

  /**
   * Verifies a payload of `signText`, and returns its JSON text with non-ASCII characters escaped.
   *
   * @throws {BadSignatureError} when it does not verify, or the signed text is not a payload (see its `cause`).
   */
  unsignText(signed: string): string {
    return decodePayload(this.unsign(signed))
  }

  /**
   * Signs a value as a URL-safe payload of JSON.
   *
   * @throws {SessionSerializationError} when JSON cannot represent the value, as for `jsonSerializer`.
   */
  signObject(value: unknown, options: SignObjectOptions = {}): string {
    return this.signText(toJson(value, 'Sign a value that JSON can represent.'), options)
  }

  /**
   * Verifies a payload of `signObject`, and returns its value.
   *
   * @throws {BadSignatureError} when it does not verify, or the signed text is not a payload (see its `cause`).
   */
  unsignObject(signed: string): unknown {
    return fromJson(this.unsignText(signed))
  }

  /** Returns the index of the secret that made the signature, or -1. */
  #matching(value: string, signature: string): number {
    const given = platform.utf8(signature)
    return this.#secrets.findIndex((_, index) =>
      platform.timingSafeEqual(given, platform.utf8(this.#signature(value, index))),
    )
  }

  #split(signed: string): { value: string; signature: string } {
    const parts = typeof signed === 'string' ? splitLast(signed, this.sep) : undefined
    if (parts === undefined) throw new BadSignatureError('There is no signature.')
    // UTF-8 encodes a lone surrogate as U+FFFD, so the signature of another text would match.
    if (LONE_SURROGATE.test(signed)) throw new BadSignatureError('The text is not well-formed.')
    return { value: parts[0], signature: parts[1] }
  }

  #signature(text: string, index: number): string {
    const key = (this.#keys[index] ??= this.#derivedKey(index))
    return platform.hmacBase64Url(this.#algorithm, key, text)
  }

  #derivedKey(index: number): SecretKey {
    const text = `${this.#salt}signer${this.#secrets[index]}`
    return platform.secretKey(platform.hash(this.#algorithm, platform.utf8(text)))
  }
}

/** Signs text with a timestamp, as Django's `TimestampSigner` does, so that its age can be checked. */
export class TimestampSigner extends Signer {
  readonly #clock: { now(): number }

  /** @throws {InvalidSettingError} when a secret is empty, the separator is unsafe, or a setting is unknown or invalid. */
  constructor(settings: SignerSettings) {
    super(withSalt(settings, 'django.core.signing.TimestampSigner'))
    this.#clock = settings.clock ?? platform
  }

  /** Returns the current time as it is signed: whole epoch seconds in base 62. */
  timestamp(): string {
    return toBase62(Math.trunc(this.#clock.now() / 1000))
  }

  /**
   * Returns the value as a string, the timestamp and the signature, with separators between them.
   *
   * @throws {InvalidSettingError} when the text contains a lone surrogate.
   */
  override sign(value: unknown): string {
    return super.sign(`${String(value)}${this.sep}${this.timestamp()}`)
  }

  /**
   * Verifies signed text, and returns the value without timestamp and signature.
   *
   * @throws {BadSignatureError} when none of the secrets has signed it, or it has no timestamp.
   * @throws {SignatureExpiredError} when it was signed more than `maxAge` seconds ago.
   * @throws {InvalidSettingError} when `maxAge` is not a number, or another option is passed.
   */
  override unsign(signed: string, options?: UnsignOptions): string {
    const maxAge = checkedMaxAge(options)
    const parts = splitLast(super.unsign(signed), this.sep)
    const seconds = parts && fromBase62(parts[1])
    if (parts === undefined || seconds === undefined)
      throw new BadSignatureError('There is no timestamp.')

    const age = (this.#clock.now() - seconds * 1000) / 1000
    // Not `age > maxAge`, with which a clock that returns NaN would accept any age.
    if (maxAge !== undefined && !(age <= maxAge)) throw new SignatureExpiredError(age, maxAge)
    return parts[0]
  }

  /**
   * Verifies a payload of `signText`, and returns its JSON text with non-ASCII characters escaped.
   *
   * @throws {BadSignatureError} when it does not verify, or the signed text is not a payload (see its `cause`).
   * @throws {SignatureExpiredError} when it was signed more than `maxAge` seconds ago.
   */
  override unsignText(signed: string, options?: UnsignOptions): string {
    return decodePayload(this.unsign(signed, options))
  }

  /**
   * Verifies a payload of `signObject`, and returns its value.
   *
   * @throws {BadSignatureError} when it does not verify, or the signed text is not a payload (see its `cause`).
   * @throws {SignatureExpiredError} when it was signed more than `maxAge` seconds ago.
   */
  override unsignObject(signed: string, options?: UnsignOptions): unknown {
    return fromJson(this.unsignText(signed, options))
  }
}

const LONE_SURROGATE = /[\ud800-\udfff]/u

function splitLast(text: string, sep: string): [string, string] | undefined {
  const index = text.lastIndexOf(sep)
  return index < 0 ? undefined : [text.slice(0, index), text.slice(index + sep.length)]
}
