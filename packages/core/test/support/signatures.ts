import crypto from 'node:crypto'

export const secretKey = 'predictable-secret'

/** A clock that always returns the same time. */
export const at = (seconds: number) => ({ now: () => seconds * 1000 })

/** Django's derivation with Node's own functions: key = hash(salt, "signer", secret), then HMAC. */
export function expectedSignature(
  value: string,
  { salt = 'django.core.signing.Signer', secret = secretKey, algorithm = 'sha256' } = {},
): string {
  const key = crypto.createHash(algorithm).update(`${salt}signer${secret}`).digest()
  return crypto.createHmac(algorithm, key).update(value).digest('base64url')
}

/** Returns the error that an action throws, if any. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}
