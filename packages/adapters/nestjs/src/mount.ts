import type { HttpServer } from '@nestjs/common'
import { InvalidSettingError, type Sessions } from '@sessions/core'
import { mountOnExpress } from './express.ts'
import { mountOnFastify, type FastifyLike } from './fastify.ts'

/** The manager that is mounted on each server. */
const mounted = new WeakMap<object, Sessions>()

/**
 * Gives every request of an HTTP application a session, whatever its routes and its prefix are.
 *
 * @throws {InvalidSettingError} if another manager is already mounted on the server, or its platform is not supported.
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
      'is imported twice, each time with its own settings. Import `SessionsModule.forRoot({ … })` once, in the root module.',
    )
  }
  mounted.set(server, manager)
  const platform = server.getType()
  if (platform === 'express') {
    mountOnExpress(server, manager, options)
  } else if (platform === 'fastify') {
    mountOnFastify(server.getInstance() as FastifyLike, manager, options)
  } else {
    throw new InvalidSettingError(
      'SessionsModule',
      `supports the platforms express and fastify, but this application runs on ${platform}.`,
    )
  }
}
