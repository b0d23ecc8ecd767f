import { checkOptions } from '../settings/check-options.ts'
import type { SignerSettings } from '../signing/signer-settings.ts'
import { TimestampSigner } from '../signing/signer.ts'

/** What a payload's text goes through on its way to the store and back. */
export interface Codec {
  /** Turns the serializer's text into what is stored. */
  encode(text: string): string
  /**
   * Turns what is stored into text for the serializer. Throws on what it refuses: then the session is empty, under the
   * same key, and reported as `suspicious`.
   */
  decode(text: string): string
}

/** What `signedCodec` is made from. Only `secretKey` is required. */
export interface SignedCodecSettings extends Pick<
  SignerSettings,
  'secretKey' | 'secretKeyFallbacks' | 'clock'
> {
  /**
   * What the signatures are for. Django's is made of the name of its session class, so that a subclass has another.
   *
   * @default 'django.contrib.sessions.SessionStore'
   */
  readonly salt?: string | undefined
  /**
   * Whether payloads are compressed where that makes them shorter.
   *
   * @default true
   */
  readonly compress?: boolean | undefined
}

/**
 * Signs payloads in the store, in the format of Django's sessions: whoever can write to the store, but has no secret,
 * cannot forge a session. The serializer must write JSON. What comes back is the same JSON, what is not ASCII in it
 * escaped. A signature does not expire by itself.
 *
 * `decode` throws `BadSignatureError` on what no secret has signed, and on what is no payload.
 *
 * @throws {InvalidSettingError} when a secret is empty, or a setting unknown or misused
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
