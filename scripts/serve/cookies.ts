import type { ServedEngine } from './engines.ts'

/** No secret at all: whoever reads this can forge the sessions of a reference app. Each start must accept the last's. */
const secretKey = 'the reference app has no secrets to keep'

/** Sessions that the client can read, in their own cookies. */
export async function openSignedCookies(): Promise<ServedEngine> {
  const { signedCookieEngine } = await import('../../packages/engines/signed-cookies/src/index.ts')
  return { engine: signedCookieEngine({ secretKey }) }
}

/** Sessions that the client cannot read, in their own cookies. */
export async function openEncryptedCookies(): Promise<ServedEngine> {
  const { encryptedCookieEngine } =
    await import('../../packages/engines/signed-cookies/src/index.ts')
  return { engine: encryptedCookieEngine({ secretKey }) }
}
