import type { SignerSettings, SignObjectOptions, UnsignOptions } from './signer-settings.ts'
import { TimestampSigner } from './signer.ts'

export { Signer, TimestampSigner } from './signer.ts'
export type { SignerSettings, SignObjectOptions, UnsignOptions } from './signer-settings.ts'

/** What `dumps` takes besides the value. */
export interface DumpsOptions
  extends Pick<SignerSettings, 'secretKey' | 'secretKeyFallbacks' | 'clock'>, SignObjectOptions {
  /**
   * What the text is for: `loads` under another salt refuses it.
   *
   * @default 'django.core.signing'
   */
  readonly salt?: string | undefined
}

/** What `loads` takes besides the text. */
export interface LoadsOptions extends Omit<DumpsOptions, 'compress'>, UnsignOptions {}

/**
 * Writes a value as signed, dated, URL-safe text, byte for byte as Django's `signing.dumps`. Compressed payloads can differ
 * in their bytes, and so can numbers that Python writes in another way (`1e-07`, `1e+16`, `-0.0`), not in what they hold.
 * Signed is not encrypted: anybody can read it.
 *
 * @throws {SessionSerializationError} when the value cannot be written as JSON
 * @throws {InvalidSettingError} when a secret is empty
 */
export function dumps(value: unknown, options: DumpsOptions): string {
  return dumpsSigner(options).signObject(value, options)
}

/**
 * The value that `dumps`, or Django, has signed.
 *
 * @throws {BadSignatureError} when the text was not signed so, or what was signed is no payload (see its `cause`)
 * @throws {SignatureExpiredError} when it was signed more than `maxAge` seconds ago
 * @throws {InvalidSettingError} when a secret is empty, or `maxAge` no number
 */
export function loads(text: string, options: LoadsOptions): unknown {
  return dumpsSigner(options).unsignObject(text, options)
}

function dumpsSigner(options: DumpsOptions = NO_SECRET): TimestampSigner {
  const { secretKey, secretKeyFallbacks, salt = 'django.core.signing', clock } = options
  return new TimestampSigner({ secretKey, secretKeyFallbacks, salt, clock })
}

/** What is said to somebody who passes no options. */
const NO_SECRET = { secretKey: '' }
