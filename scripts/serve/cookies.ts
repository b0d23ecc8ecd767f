import type { ServedEngine } from './engines.ts'

/** Not secret, since only reference apps use it. Constant, so that cookies stay valid after a restart. */
const secretKey = 'the reference app has no secrets to keep'

/** Opens the engine whose cookies the client can read. */
export async function openSignedCookies(): Promise<ServedEngine> {
  const { signedCookieEngine } = await import('../../packages/engines/signed-cookies/src/index.ts')
  return { engine: signedCookieEngine({ secretKey }) }
}

/** Opens the engine whose cookies the client cannot read. */
export async function openEncryptedCookies(): Promise<ServedEngine> {
  const { encryptedCookieEngine } =
    await import('../../packages/engines/signed-cookies/src/index.ts')
  return { engine: encryptedCookieEngine({ secretKey }) }
}
