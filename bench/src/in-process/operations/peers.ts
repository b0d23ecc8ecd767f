import { createRequire } from 'node:module'

const here = createRequire(import.meta.url)

/** Loads a module from where a peer has it: the very version that the peer calls. */
const from = (peer: string, name: string): unknown => createRequire(here.resolve(peer))(name)

/** What express-session and `res.cookie` sign with. */
export interface CookieSignature {
  sign(value: string, secret: string): string
  unsign(value: string, secret: string): string | false
}

/** What cookie-session and koa-session sign with. */
export interface Keygrip {
  sign(value: string): string
  verify(value: string, digest: string): boolean
}

/** The cookies of one request, for cookie-session and Koa. */
export type Cookies = new (
  req: object,
  res: object,
) => { get(name: string, options: { signed: boolean }): string | undefined }

/** What @fastify/secure-session adds to Fastify. */
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

/** Fastify with the plugin, ready. */
export async function secureSession(secret: string): Promise<SecureSession> {
  const fastify = (here('fastify') as () => FastifyInstance)()
  fastify.register(here('@fastify/secure-session'), { secret, salt: 'mq9hDxBVDbspDR6n' })
  await fastify.ready()
  return fastify
}
