import type { CookieEngine } from '@sessions/core'
import { encryptedCookieEngine, signedCookieEngine } from '@sessions/signed-cookies'
import { sealData, unsealData } from 'iron-session'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Operation } from '../operation.ts'
import { secureSession } from './peers.ts'
import { payload } from '../../contenders/payload.ts'

const secret = 'a secret of the benchmark, 40 characters'
const key = randomBytes(32)

/** An implementation that turns a session into a cookie value and back. */
interface Sealer {
  readonly by: string
  readonly seal: (session: object) => string | Promise<string>
  readonly unseal: (value: string) => unknown
}

/** Sealing sessions into cookie values and unsealing them, JSON included. */
export async function sealingOperations(): Promise<readonly Operation[]> {
  const fastify = await secureSession(secret)
  const sealers: readonly Sealer[] = [
    engineSealer('ours, encrypted', encryptedCookieEngine({ secretKey: secret })),
    engineSealer('ours, signed', signedCookieEngine({ secretKey: secret })),
    { by: 'by hand, AES-256-GCM', seal: sealByHand, unseal: unsealByHand },
    {
      by: 'secure-session (sodium)',
      seal: (session) => fastify.encodeSecureSession(fastify.createSecureSession(session)),
      unseal: (value) => fastify.decodeSecureSession(value),
    },
    {
      by: 'iron-session',
      seal: (session) => sealData(session, { password: secret }),
      unseal: (value) => unsealData(value, { password: secret }),
    },
  ]
  const operations: Operation[] = []
  for (const [size, session] of Object.entries({ '500 bytes': payload, small: { views: 1 } })) {
    for (const { by, seal, unseal } of sealers) {
      const value = await seal(session)
      const group = 'Sealed cookies'
      operations.push({ group, name: `seal, ${size}`, by, run: () => seal(session) })
      operations.push({ group, name: `unseal, ${size}`, by, run: () => unseal(value) })
    }
  }
  return operations.toSorted((one, other) => one.name.localeCompare(other.name))
}

function engineSealer(by: string, engine: CookieEngine): Sealer {
  return {
    by,
    seal: (session) => {
      const record = { data: JSON.stringify(session), expiresAt: Date.now() + 1_209_600_000 }
      return engine.seal(record, context())
    },
    unseal: (value) => JSON.parse(engine.unseal(value, context())?.data ?? '') as unknown,
  }
}

const context = () => ({ cookieName: 'sessionid', cookieAge: 1_209_600, now: Date.now() })

function sealByHand(session: object): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const text = cipher.update(JSON.stringify(session), 'utf8')
  return Buffer.concat([nonce, text, cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

function unsealByHand(value: string): unknown {
  const bytes = Buffer.from(value, 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(-16))
  const text = decipher.update(bytes.subarray(12, -16), undefined, 'utf8')
  return JSON.parse(text + decipher.final('utf8'))
}
