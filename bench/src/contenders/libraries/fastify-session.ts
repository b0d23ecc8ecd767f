import cookie from '@fastify/cookie'
import secureSession from '@fastify/secure-session'
import session, { type FastifySessionOptions } from '@fastify/session'
import type { FastifyRequest } from 'fastify'
import { onDictionary, onObject } from '../actions.ts'
import { serveFastify } from '../frameworks/fastify.ts'

const SECRET = 'a secret that nobody has to keep, of forty'

/** @fastify/session, with its own memory store by default. */
export const fastifySession = (
  options: Pick<FastifySessionOptions, 'store' | 'rolling'> = {},
): Promise<number> =>
  serveFastify(
    onObject<FastifyRequest>(
      (request) => request.session,
      (request) => (request.session as unknown as session.FastifySessionObject).destroy(),
    ),
    async (app) => {
      await app.register(cookie)
      const settings = { secret: SECRET, saveUninitialized: false, cookie: { secure: false } }
      await app.register(session, { ...settings, ...options })
    },
  )

type SecureSession = ReturnType<typeof secureSessionOf>

const secureSessionOf = (request: FastifyRequest) =>
  request.session as unknown as secureSession.Session<Record<string, unknown>>

/** @fastify/secure-session: the session is in the cookie, in a libsodium secretbox. */
export const fastifySecureSession = (): Promise<number> =>
  serveFastify(
    onDictionary<FastifyRequest, SecureSession>({
      open: secureSessionOf,
      keys: (session) => Object.keys(session.data() ?? {}),
      logout: (request) => secureSessionOf(request).delete(),
    }),
    async (app) => {
      await app.register(secureSession, { key: Buffer.alloc(32, 7), cookie: { path: '/' } })
    },
  )
