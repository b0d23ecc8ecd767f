import { createRequire } from 'node:module'

const here = createRequire(import.meta.url)

/** Loads a dependency of a peer, in the version that the peer itself uses. */
const from = (peer: string, name: string): unknown => createRequire(here.resolve(peer))(name)

/** The signatures of express-session and Express's `res.cookie`. */
export interface CookieSignature {
  sign(value: string, secret: string): string
  unsign(value: string, secret: string): string | false
}

/** The signatures of cookie-session and koa-session. */
export interface Keygrip {
  sign(value: string): string
  verify(value: string, digest: string): boolean
}

/** The cookies of a request, as cookie-session and Koa read them. */
export type Cookies = new (
  req: object,
  res: object,
) => { get(name: string, options: { signed: boolean }): string | undefined }

/** The methods that @fastify/secure-session adds to Fastify. */
export interface SecureSession {
  createSecureSession(data: object): object
  encodeSecureSession(session: object): string
  decodeSecureSession(cookie: string): object | null
}

interface FastifyInstance extends SecureSession {
  register(plugin: unknown, options: object): unknown
  ready(): Promise<unknown>
}

export const cookie = from('express-session', 'cookie') as {
  parse(header: string): Readonly<Record<string, string>>
}
export const Cookies = from('cookie-session', 'cookies') as Cookies
export const cookieSignature = from('express-session', 'cookie-signature') as CookieSignature
export const Keygrip = from('cookie-session', 'keygrip') as new (keys: readonly string[]) => Keygrip
export const uid = from('express-session', 'uid-safe') as { sync(bytes: number): string }

/** Starts Fastify with @fastify/secure-session. */
export async function secureSession(secret: string): Promise<SecureSession> {
  const fastify = (here('fastify') as () => FastifyInstance)()
  fastify.register(here('@fastify/secure-session'), { secret, salt: 'mq9hDxBVDbspDR6n' })
  await fastify.ready()
  return fastify
}
