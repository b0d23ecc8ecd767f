import type { HttpServer } from '@nestjs/common'
import { InvalidSettingError, type Sessions } from '@sessions/core'
import { sessions } from '@sessions/node'
import { isSecure } from '@sessions/node/adapter'
import { mountOnFastify, type FastifyLike } from './fastify.ts'

/** The manager of each server. */
const mounted = new WeakMap<object, Sessions>()

/**
 * Gives the requests of an HTTP application their sessions, whatever its routes and its prefix are.
 *
 * @throws {InvalidSettingError} if the server has sessions of another manager already, or is not of a known platform.
 */
export function mountOn(
  server: HttpServer,
  manager: Sessions,
  options: { readonly eager?: boolean | undefined },
): void {
  const known = mounted.get(server)
  if (known === manager) return
  if (known !== undefined) {
    throw new InvalidSettingError(
      'SessionsModule',
      'is imported twice, with settings of their own: import `SessionsModule.forRoot({ … })` once, in the root module.',
    )
  }
  mounted.set(server, manager)
  const platform = server.getType()
  if (platform === 'express') {
    server.use(sessions(manager, { eager: options.eager, https: isSecure }))
  } else if (platform === 'fastify') {
    mountOnFastify(server.getInstance() as FastifyLike, manager, options)
  } else {
    throw new InvalidSettingError(
      'SessionsModule',
      `knows the platforms express and fastify, and this application runs on ${platform}.`,
    )
  }
}
