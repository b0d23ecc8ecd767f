import type { ArgumentsHost } from '@nestjs/common'
import {
  InvalidSettingError,
  type DefaultData,
  type Session,
  type UnloadedSession,
} from '@sessions/core'

/**
 * The loaded session of a request. Pass the request, or the context of a guard, an interceptor or a filter: of HTTP, or of
 * GraphQL if its context holds the request, as Nest's own does.
 *
 * @throws {SessionEngineError} when the store fails.
 * @throws {InvalidSettingError} if there is no request, or the `SessionsModule` is not imported.
 *
 * @example
 * async canActivate(context: ExecutionContext) {
 *   const session = await loadSession<MyData>(context)
 *   return session.has('_auth_user_id')
 * }
 */
export async function loadSession<D extends object = DefaultData>(
  contextOrRequest: ArgumentsHost | SessionRequest,
): Promise<Session<D>> {
  return sessionOf<D>(contextOrRequest).load()
}

/** The session of a request, loaded or not. Takes the same as `loadSession`. */
export function sessionOf<D extends object>(
  contextOrRequest: ArgumentsHost | SessionRequest,
): UnloadedSession<D> {
  const request = isHost(contextOrRequest) ? requestOf(contextOrRequest) : contextOrRequest
  const session = request?.session
  if (session !== undefined && 'loaded' in session) return session as UnloadedSession<D>
  if (isHost(contextOrRequest)) refuseMessage(contextOrRequest.getType<string>())
  throw new InvalidSettingError(
    'SessionsModule',
    'has not given this call a session. Import `SessionsModule.forRoot({ … })` in the root module of an HTTP application; ' +
      'with GraphQL, keep the request in the context as `req`. Over a WebSocket, subscriptions included, inject ' +
      '`Sessions` and call `sessions.openFromCookies(cookieHeaderOfTheHandshake)`.',
  )
}

/** How to open a session for a message of a WebSocket or a microservice, neither of which has a request. */
const REMEDIES: ReadonlyMap<string, string> = new Map([
  ['ws', 'with `sessions.openFromCookies(cookieHeaderOfTheHandshake)`.'],
  ['rpc', 'with `sessions.open(key)`.'],
])

function refuseMessage(type: string): void {
  const remedy = REMEDIES.get(type)
  if (remedy === undefined) return
  throw new InvalidSettingError(
    '@Session()',
    `needs a request, which a message does not have. Inject \`Sessions\` and open the session yourself, ${remedy}`,
  )
}

/** A request of Express or Fastify. */
export interface SessionRequest {
  readonly session?: object
}

interface GraphQLContext {
  readonly req?: SessionRequest
  readonly request?: SessionRequest
  readonly reply?: { readonly request: SessionRequest }
}

function isHost(
  contextOrRequest: ArgumentsHost | SessionRequest,
): contextOrRequest is ArgumentsHost {
  return 'getArgByIndex' in contextOrRequest
}

function requestOf(host: ArgumentsHost): SessionRequest | undefined {
  const type = host.getType<string>()
  if (type === 'http') return host.getArgByIndex<SessionRequest>(0)
  if (type !== 'graphql') return undefined
  const context = host.getArgByIndex<GraphQLContext | undefined>(2)
  return context?.req ?? context?.request ?? context?.reply?.request
}
