import { type Codec, type SignedCodecSettings, signedCodec } from '../payload/codec.ts'
import { checkOptions } from './check-options.ts'

/** The settings that a manager shares sessions with Django by. */
export interface DjangoSettings {
  /** Django's format of a payload. */
  readonly codec: Codec
  /** Django files a session under its key, not under the key's digest. */
  readonly hashKeys: false
}

/**
 * The settings for sharing sessions with a Django application over one store, to be spread into those of the manager.
 * Pass Django's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`, and give the engine its option for Django's layout as well.
 *
 * @example
 * createSessions({ engine, ...djangoSettings({ secretKey }) })
 *
 * @throws {InvalidSettingError} when a secret is empty, or there is something else
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
