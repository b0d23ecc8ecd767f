import { type Codec, type SignedCodecSettings, signedCodec } from '../payload/codec.ts'
import { checkOptions } from '../check-options.ts'

/** The manager settings that make sessions readable by Django. */
export interface DjangoSettings {
  /** Encodes payloads in Django's format. */
  readonly codec: Codec
  /** Django stores a session under its key, not under the key's digest. */
  readonly hashKeys: false
}

/**
 * Returns the settings for sharing sessions with a Django application over one store; spread them into the manager's
 * settings. Pass Django's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`, and set the engine's option for Django's layout as well.
 *
 * @example
 * createSessions({ engine, ...djangoSettings({ secretKey }) })
 *
 * @throws {InvalidSettingError} when a secret is empty, or another option is passed.
 */
export function djangoSettings(
  settings: Pick<SignedCodecSettings, 'secretKey' | 'secretKeyFallbacks'>,
): DjangoSettings {
  checkOptions('djangoSettings', settings, {
    secretKey: 'checked elsewhere',
    secretKeyFallbacks: 'checked elsewhere',
  })
  const { secretKey, secretKeyFallbacks } = settings
  return { codec: signedCodec({ secretKey, secretKeyFallbacks }), hashKeys: false }
}
