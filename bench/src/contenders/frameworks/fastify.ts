import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { Actions } from '../actions.ts'
import { REDIRECT_TARGET, routesOf } from '../routes.ts'
import { listening } from './listening.ts'

/** Serves the actions on Fastify; resolves to the port. */
export async function serveFastify(
  actions?: Actions<FastifyRequest>,
  mount?: (app: FastifyInstance) => Promise<void>,
): Promise<number> {
  const app = fastify()
  await mount?.(app)
  for (const [path, handle] of Object.entries(routesOf(actions))) {
    app.get(path, async (request, reply) => {
      const answer = await handle(request, request.query as Record<string, unknown>)
      return path === '/redirect' ? reply.redirect(REDIRECT_TARGET, 303) : answer
    })
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  return listening(app.server)
}
