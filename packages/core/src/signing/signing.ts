import { checkOptions, type OptionKind } from '../check-options.ts'
import type { SignerSettings, SignObjectOptions, UnsignOptions } from './signer-settings.ts'
import { TimestampSigner } from './signer.ts'

export { Signer, TimestampSigner } from './signer.ts'
export type { SignerSettings, SignObjectOptions, UnsignOptions } from './signer-settings.ts'

/** The options of `dumps`. */
export interface DumpsOptions
  extends Pick<SignerSettings, 'secretKey' | 'secretKeyFallbacks' | 'clock'>, SignObjectOptions {
  /**
   * A namespace for the signatures: `loads` with another salt rejects the text.
   *
   * @default 'django.core.signing'
   */
  readonly salt?: string | undefined
}

/** The options of `loads`. */
export interface LoadsOptions extends Omit<DumpsOptions, 'compress'>, UnsignOptions {}

/**
 * Returns a value as signed, timestamped, URL-safe text, byte for byte like Django's `signing.dumps`. Only compressed
 * payloads, and numbers that Python writes differently (`1e-07`, `1e+16`, `-0.0`), can differ in their bytes; their values
 * are equal. Signed text is not encrypted: anybody can read it.
 *
 * @throws {SessionSerializationError} when JSON cannot represent the value.
 * @throws {InvalidSettingError} when a secret is empty, or an option is unknown or invalid.
 */
export function dumps(value: unknown, options: DumpsOptions): string {
  return dumpsSigner('dumps', options).signObject(value, options)
}

/**
 * Verifies text that `dumps` or Django has signed, and returns its value.
 *
 * @throws {BadSignatureError} when the text does not verify, or the signed text is not a payload (see its `cause`).
 * @throws {SignatureExpiredError} when it was signed more than `maxAge` seconds ago.
 * @throws {InvalidSettingError} when a secret is empty, or an option is unknown or invalid.
 */
export function loads(text: string, options: LoadsOptions): unknown {
  const signer = dumpsSigner('loads', options)
  return signer.unsignObject(text, { maxAge: options.maxAge })
}

/** The options of `dumps` and `loads`: each accepts those of the other, so that both can be passed the same object. */
const options: Readonly<Record<keyof DumpsOptions | keyof LoadsOptions, OptionKind>> = {
  secretKey: 'checked elsewhere',
  secretKeyFallbacks: 'checked elsewhere',
  salt: 'checked elsewhere',
  clock: 'clock',
  compress: 'boolean',
  maxAge: 'checked elsewhere',
}

function dumpsSigner(owner: string, given: DumpsOptions = NO_SECRET): TimestampSigner {
  checkOptions(owner, given, options)
  const { secretKey, secretKeyFallbacks, salt = 'django.core.signing', clock } = given
  return new TimestampSigner({ secretKey, secretKeyFallbacks, salt, clock })
}

/** Without options, this leads to the error about the missing secret. */
const NO_SECRET = { secretKey: '' }
