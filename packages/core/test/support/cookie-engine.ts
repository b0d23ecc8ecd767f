import { platform } from '@sessions/core/platform'
import type { CookieContext, CookieEngine } from '../../src/engine/engine.ts'

export interface CookieEngineOptions {
  /** The secret that seals, followed by earlier ones that only open. */
  readonly secrets?: readonly [string, ...string[]]
  readonly chunks?: number
  /** Called before each engine call; it may throw. */
  readonly before?: (operation: string) => void
}

/** A minimal cookie engine: JSON and an HMAC, which also authenticates the cookie's name. */
export function cookieEngine(options: CookieEngineOptions = {}): CookieEngine {
  const { secrets = ['secret'], chunks = 1, before = () => {} } = options

  return {
    name: 'test-cookies',
    chunks,
    seal(record, context) {
      before('seal')
      const payload = platform.base64Url(platform.utf8(JSON.stringify(record)))
      return `${payload}.${signature(secrets[0], payload, context)}`
    },
    unseal(value, context) {
      before('unseal')
      const [payload = '', given] = value.split('.')
      const secret = secrets.find((one) => signature(one, payload, context) === given)
      if (secret === undefined) return undefined
      const text = platform.fromUtf8(platform.fromBase64Url(payload) ?? new Uint8Array()) ?? ''
      const { data, expiresAt } = JSON.parse(text) as { data: string; expiresAt: number }
      return { data, expiresAt, renew: secret !== secrets[0] }
    },
  }
}

function signature(secret: string, payload: string, { cookieName }: CookieContext): string {
  const key = platform.secretKey(platform.utf8(secret))
  return platform.hmacBase64Url('sha256', key, `${cookieName}=${payload}`)
}
