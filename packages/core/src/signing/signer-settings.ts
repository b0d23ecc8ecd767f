import type { HashAlgorithm } from '@sessions/core/platform'

import { checkOptions, type OptionKind } from '../settings/check-options.ts'
import { InvalidSettingError } from '../errors.ts'

/** What a signer is made from. Only `secretKey` is required. */
export interface SignerSettings {
  /** The secret that signs. Whoever has it can sign too. */
  readonly secretKey: string
  /**
   * Earlier secrets, whose signatures are still accepted.
   *
   * @default []
   */
  readonly secretKeyFallbacks?: readonly string[] | undefined
  /**
   * What the signatures are for: one made under another salt is not accepted. An empty one is none, as in Django.
   *
   * @default the name of the class in Django, `django.core.signing.Signer` or `django.core.signing.TimestampSigner`
   */
  readonly salt?: string | undefined
  /**
   * What stands between the value and its signature: anything with a character that signatures do not have. As in Django,
   * ``[ \ ] ^ ` `` are none of these.
   *
   * @default ':'
   */
  readonly sep?: string | undefined
  /**
   * The hash function of the key and of the signature.
   *
   * @default 'sha256'
   */
  readonly algorithm?: HashAlgorithm | undefined
  /**
   * Where timestamps come from, in epoch milliseconds; for tests.
   *
   * @default the machine's clock
   */
  readonly clock?: { now(): number } | undefined
}

/** How an object is signed. */
export interface SignObjectOptions {
  /**
   * Whether the payload is compressed where that makes it shorter.
   *
   * @default false
   */
  readonly compress?: boolean | undefined
}

/** What a signature must be, besides right. */
export interface UnsignOptions {
  /**
   * How old it may be, in seconds. One that is exactly so old passes, and so does one from the future.
   *
   * @default undefined, which is any age
   */
  readonly maxAge?: number | undefined
}

/** The secrets of the settings, the one that signs first. */
export function checkedSecrets(settings: SignerSettings): readonly string[] {
  const { secretKey, secretKeyFallbacks = [] } = settings
  checkSecret('secretKey', secretKey)
  // A text would be taken for a list of its characters, each of them a secret.
  if (!Array.isArray(secretKeyFallbacks)) {
    throw new InvalidSettingError(
      'secretKeyFallbacks',
      'is no array: pass an array of old secrets.',
    )
  }
  for (const secret of secretKeyFallbacks) checkSecret('secretKeyFallbacks', secret)
  return [secretKey, ...secretKeyFallbacks]
}

function checkSecret(setting: string, secret: unknown): void {
  if (typeof secret === 'string' && secret !== '') return
  throw new InvalidSettingError(
    setting,
    'holds no secret, and anybody could sign: pass a long random string, kept out of the source code.',
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

/** The settings of a signer, with the salt of its class where they have none. */
export function withSalt(settings: SignerSettings, own: string): SignerSettings & { salt: string } {
  checkOptions('the signer', settings, options)
  const { salt = '' } = settings
  if (typeof salt !== 'string') {
    throw new InvalidSettingError('salt', 'is no text: say what the signatures are for.')
  }
  return { ...settings, salt: salt === '' ? own : salt }
}

/** What Django refuses: between `Z` and `a` there are a few characters more than it may mean. */
const UNSAFE_SEPARATOR = /^[A-z0-9\-_=]*\n?$/

/** The separator, if it can be told from a signature. */
export function checkedSeparator(sep: string): string {
  if (typeof sep === 'string' && !UNSAFE_SEPARATOR.test(sep)) return sep
  throw new InvalidSettingError(
    'sep',
    'cannot be told from a signature, by us or by Django: use ":", for example.',
  )
}

/** The hash function, if it is one that Django offers as well. */
export function checkedAlgorithm(algorithm: HashAlgorithm): HashAlgorithm {
  const known: readonly string[] = ['sha256', 'sha512', 'sha1']
  if (known.includes(algorithm)) return algorithm
  throw new InvalidSettingError('algorithm', `is unknown: use one of ${known.join(', ')}.`)
}

/** The greatest age in seconds, if it can be compared with. */
export function checkedMaxAge(maxAge: number | undefined): number | undefined {
  if (maxAge === undefined || (typeof maxAge === 'number' && !Number.isNaN(maxAge))) return maxAge
  throw new InvalidSettingError('maxAge', 'is no number: pass seconds, or nothing for any age.')
}
