import { checkOptions } from '../check-options.ts'
import type { SignerSettings } from '../signing/signer-settings.ts'
import { TimestampSigner } from '../signing/signer.ts'

/** Transforms a payload's text on its way to the store and back. Both methods are synchronous. */
export interface Codec {
  /** Converts the serializer's text to the text that is stored. */
  encode(text: string): string
  /**
   * Converts stored text back to the serializer's text. If it throws, the session is empty under the same key, and a
   * `suspicious` event is reported.
   */
  decode(text: string): string
}

/** The settings of `signedCodec`. Only `secretKey` is required. */
export interface SignedCodecSettings extends Pick<
  SignerSettings,
  'secretKey' | 'secretKeyFallbacks' | 'clock'
> {
  /**
   * A namespace for the signatures: another salt rejects them. Django derives it from the name of its session class, so a
   * subclass there has a different one.
   *
   * @default 'django.contrib.sessions.SessionStore'
   */
  readonly salt?: string | undefined
  /**
   * Whether payloads are compressed if that makes them shorter.
   *
   * @default true
   */
  readonly compress?: boolean | undefined
}

/**
 * Creates a codec that signs payloads in the format of Django's sessions: whoever can write to the store, but does not know
 * the secret, cannot forge a payload. The serializer must write JSON; `decode` returns the same JSON with non-ASCII
 * characters escaped. Signatures do not expire.
 *
 * `decode` throws `BadSignatureError` if none of the secrets has signed the text, or if what was signed is not a payload.
 *
 * @throws {InvalidSettingError} when a secret is empty, or a setting is unknown or invalid.
 */
export function signedCodec(settings: SignedCodecSettings): Codec {
  checkOptions('signedCodec', settings, {
    secretKey: 'checked elsewhere',
    secretKeyFallbacks: 'checked elsewhere',
    salt: 'checked elsewhere',
    compress: 'boolean',
    clock: 'clock',
  })
  const { secretKey, secretKeyFallbacks, clock, compress = true } = settings
  const { salt = 'django.contrib.sessions.SessionStore' } = settings
  const signer = new TimestampSigner({ secretKey, secretKeyFallbacks, salt, clock })
  return {
    encode: (text) => signer.signText(text, { compress }),
    decode: (text) => signer.unsignText(text),
  }
}
