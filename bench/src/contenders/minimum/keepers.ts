import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto'
import type { MaybePromise } from '../actions.ts'
import { randomId } from '../random-id.ts'
import type { Kv } from '../stores/kv.ts'

/** Keeps a session's text, in a store or in the cookie itself. */
export interface Keeper {
  /** The text for a cookie value; undefined if there is none, or if the cookie does not verify. */
  open(cookie: string): MaybePromise<string | undefined>
  /**
   * Keeps the text; returns the cookie value to send.
   *
   * @param cookie The value that the session was opened with; undefined for a new session.
   */
  keep(cookie: string | undefined, text: string): MaybePromise<string>
}

const key = createSecretKey(Buffer.alloc(32, 7))

const signatureOf = (value: string): Buffer => createHmac('sha256', key).update(value).digest()

const sign = (value: string): string => `${value}.${signatureOf(value).toString('base64url')}`

/** The value, if its signature is valid. */
function unsign(signed: string): string | undefined {
  const dot = signed.lastIndexOf('.')
  if (dot < 0) return undefined
  const value = signed.slice(0, dot)
  const signature = Buffer.from(signed.slice(dot + 1), 'base64url')
  const expected = signatureOf(value)
  const isValid = signature.length === expected.length && timingSafeEqual(signature, expected)
  return isValid ? value : undefined
}

/** Keeps the text in a store; the cookie is the signed id. */
export function inStore(kv: Kv): Keeper {
  return {
    open(cookie) {
      const id = unsign(cookie)
      return id === undefined ? undefined : kv.get(id)
    },
    keep(cookie, text) {
      const id =
        cookie === undefined ? randomId(16, 'base64url') : cookie.slice(0, cookie.lastIndexOf('.'))
      const value = cookie ?? sign(id)
      const kept = kv.set(id, text)
      return kept instanceof Promise ? kept.then(() => value) : value
    },
  }
}

/** Keeps the text in the cookie, signed. */
export const inSignedCookie: Keeper = {
  open(cookie) {
    const value = unsign(cookie)
    return value === undefined ? undefined : Buffer.from(value, 'base64url').toString()
  },
  keep: (_, text) => sign(Buffer.from(text).toString('base64url')),
}

/** Keeps the text in the cookie, encrypted by AES-256-GCM: nonce, tag, ciphertext. */
export const inEncryptedCookie: Keeper = {
  open(cookie) {
    const sealed = Buffer.from(cookie, 'base64url')
    if (sealed.length < 28) return undefined
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
    decipher.setAuthTag(sealed.subarray(12, 28))
    const text = decipher.update(sealed.subarray(28)).toString()
    try {
      decipher.final()
      return text
    } catch {
      return undefined
    }
  },
  keep(_, text) {
    const nonce = randomFillSync(Buffer.allocUnsafe(12))
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const body = cipher.update(text, 'utf8')
    cipher.final()
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
  },
}
