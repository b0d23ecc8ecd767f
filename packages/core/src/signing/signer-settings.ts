import type { HashAlgorithm } from '@sessions/core/platform'

import { checkOptions, type OptionKind } from '../check-options.ts'
import { InvalidSettingError } from '../errors.ts'

/** The settings of `Signer` and `TimestampSigner`. Only `secretKey` is required. */
export interface SignerSettings {
  /** The secret to sign with. Whoever knows it can forge signatures. */
  readonly secretKey: string
  /**
   * Earlier secrets, whose signatures are still accepted.
   *
   * @default []
   */
  readonly secretKeyFallbacks?: readonly string[] | undefined
  /**
   * A namespace for the signatures: a signature made with another salt is rejected. An empty salt counts as none, as in
   * Django.
   *
   * @default the name of the class in Django, `django.core.signing.Signer` or `django.core.signing.TimestampSigner`
   */
  readonly salt?: string | undefined
  /**
   * The separator between the value and its signature. It must contain a character that cannot occur in a signature; as in
   * Django, ``[ \ ] ^ ` `` do not count as such.
   *
   * @default ':'
   */
  readonly sep?: string | undefined
  /**
   * The hash function that derives the key and signs.
   *
   * @default 'sha256'
   */
  readonly algorithm?: HashAlgorithm | undefined
  /**
   * The source of the time for timestamps, in epoch milliseconds; for tests.
   *
   * @default the machine's clock
   */
  readonly clock?: { now(): number } | undefined
}

/** The options of `signObject` and `signText`. */
export interface SignObjectOptions {
  /**
   * Whether the payload is compressed if that makes it shorter.
   *
   * @default false
   */
  readonly compress?: boolean | undefined
}

/** The options for verifying a timestamped signature. */
export interface UnsignOptions {
  /**
   * The maximum age of the signature in seconds, inclusive. A timestamp in the future is accepted.
   *
   * @default undefined (any age)
   */
  readonly maxAge?: number | undefined
}

/** Validates the secrets, and returns the current one followed by the fallbacks. */
export function checkedSecrets(settings: SignerSettings): readonly string[] {
  const { secretKey, secretKeyFallbacks = [] } = settings
  checkSecret('secretKey', secretKey)
  // A string would be iterated, and each of its characters accepted as a secret.
  if (!Array.isArray(secretKeyFallbacks)) {
    throw new InvalidSettingError('secretKeyFallbacks', 'must be an array of old secrets.')
  }
  for (const secret of secretKeyFallbacks) checkSecret('secretKeyFallbacks', secret)
  return [secretKey, ...secretKeyFallbacks]
}

function checkSecret(setting: string, secret: unknown): void {
  if (typeof secret === 'string' && secret !== '') return
  throw new InvalidSettingError(
    setting,
    'must be a non-empty secret: pass a long random string, and keep it out of the source code.',
  )
}

const options: Readonly<Record<keyof SignerSettings, OptionKind>> = {
  secretKey: 'checked elsewhere',
  secretKeyFallbacks: 'checked elsewhere',
  salt: 'checked elsewhere',
  sep: 'checked elsewhere',
  algorithm: 'checked elsewhere',
  clock: 'clock',
}

/** Validates a signer's settings, and sets the salt to that of its class if they have none. */
export function withSalt(settings: SignerSettings, own: string): SignerSettings & { salt: string } {
  checkOptions('the signer', settings, options)
  const { salt = '' } = settings
  if (typeof salt !== 'string') {
    throw new InvalidSettingError(
      'salt',
      "must be a string that names the signatures' purpose, such as 'password reset'.",
    )
  }
  return { ...settings, salt: salt === '' ? own : salt }
}

/** Django's expression for unsafe separators. Its range `A-z` includes the characters between `Z` and `a`, so ours does too. */
const UNSAFE_SEPARATOR = /^[A-z0-9\-_=]*\n?$/

/** Returns the separator. Throws if a signature could contain it. */
export function checkedSeparator(sep: string): string {
  if (typeof sep === 'string' && !UNSAFE_SEPARATOR.test(sep)) return sep
  throw new InvalidSettingError(
    'sep',
    'cannot be told from a signature, here or in Django: use a separator such as ":".',
  )
}

/** Returns the hash function. Throws if it is unknown. */
export function checkedAlgorithm(algorithm: HashAlgorithm): HashAlgorithm {
  const known: readonly string[] = ['sha256', 'sha512', 'sha1']
  if (known.includes(algorithm)) return algorithm
  throw new InvalidSettingError('algorithm', `must be one of ${known.join(', ')}.`)
}

/**
 * Returns the maximum age. Throws if it is not a number, with which a comparison would fail or pass silently, and for any other
 * option: with Django's `max_age`, nothing would expire.
 */
export function checkedMaxAge(options: UnsignOptions | undefined): number | undefined {
  if (options === undefined) return undefined
  checkOptions('unsign', options, { maxAge: 'checked elsewhere' })
  const { maxAge } = options
  if (maxAge === undefined || (typeof maxAge === 'number' && !Number.isNaN(maxAge))) return maxAge
  throw new InvalidSettingError('maxAge', 'must be a number of seconds, or undefined for any age.')
}
