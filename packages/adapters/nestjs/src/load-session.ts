import type { ArgumentsHost } from '@nestjs/common'
import {
  InvalidSettingError,
  type DefaultData,
  type Session,
  type UnloadedSession,
} from '@sessions/core'

/**
 * The loaded session of the request that a guard, an interceptor or a filter is called for: over HTTP, and over GraphQL
 * where its context holds the request, as Nest's own does.
 *
 * @throws {SessionEngineError} when the store fails.
 * @throws {InvalidSettingError} where there is no request, or the `SessionsModule` is not imported.
 *
 * @example
 * async canActivate(context: ExecutionContext) {
 *   const session = await loadSession<MyData>(context)
 *   return session.get('userId') !== undefined
 * }
 */
export async function loadSession<D extends object = DefaultData>(
  host: ArgumentsHost,
): Promise<Session<D>> {
  return sessionOf<D>(host).load()
}

/** The session of the request that something is called for, as it is. */
export function sessionOf<D extends object>(host: ArgumentsHost): UnloadedSession<D> {
  const session = requestOf(host)?.session
  if (session !== undefined && 'loaded' in session) return session as UnloadedSession<D>
  throw new InvalidSettingError(
    'SessionsModule',
    'is not there for this call: import `SessionsModule.forRoot({ … })` in the root module of an HTTP application; over ' +
      'GraphQL, the context must hold the request as `req`.',
  )
}

interface WithSession {
  readonly session?: object
}

interface GraphQLContext {
  readonly req?: WithSession
  readonly request?: WithSession
  readonly reply?: { readonly request: WithSession }
}

function requestOf(host: ArgumentsHost): WithSession | undefined {
  const type = host.getType<string>()
  if (type === 'http') return host.getArgByIndex<WithSession>(0)
  if (type !== 'graphql') return undefined
  const context = host.getArgByIndex<GraphQLContext | undefined>(2)
  return context?.req ?? context?.request ?? context?.reply?.request
}
