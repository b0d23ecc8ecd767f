import { Signer } from '@sessions/core'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Operation } from '../operation.ts'
import { cookieSignature, Keygrip } from './peers.ts'

const secret = 'a secret of the benchmark, 40 characters'
const key = 'k'.repeat(32)

const signer = new Signer({ secretKey: secret })
const keygrip = new Keygrip([secret])

const signed = signer.sign(key)
const signedByHand = hmac(key)
const signedByCookieSignature = cookieSignature.sign(key, secret)
const signedByKeygrip = keygrip.sign(key)

/** Signing 32 characters, and verifying the signature. */
export const signingOperations: readonly Operation[] = [
  { name: 'sign', by: 'ours', run: () => signer.sign(key) },
  { name: 'sign', by: 'by hand', run: () => hmac(key) },
  {
    name: 'sign',
    by: 'cookie-signature (Express)',
    run: () => cookieSignature.sign(key, secret),
  },
  { name: 'sign', by: 'keygrip (Koa)', run: () => keygrip.sign(key) },
  { name: 'verify', by: 'ours', run: () => signer.unsign(signed) },
  { name: 'verify', by: 'by hand', run: () => verifyByHand(key, signedByHand) },
  {
    name: 'verify',
    by: 'cookie-signature (Express)',
    run: () => cookieSignature.unsign(signedByCookieSignature, secret),
  },
  { name: 'verify', by: 'keygrip (Koa)', run: () => keygrip.verify(key, signedByKeygrip) },
].map((operation) => ({ group: 'Signatures', ...operation }))

function hmac(text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}

function verifyByHand(text: string, signature: string): boolean {
  return timingSafeEqual(Buffer.from(hmac(text)), Buffer.from(signature))
}
