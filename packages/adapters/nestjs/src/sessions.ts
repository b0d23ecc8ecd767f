import type { ArgumentsHost, DynamicModule } from '@nestjs/common'
import type { DefaultData, Session, SessionsOf } from '@sessions/core'
import { loadSession, type SessionRequest } from './load-session.ts'
import type { SessionsOptions } from './options.ts'
import { SessionsModule } from './sessions-module.ts'

/** The module that gives an application its sessions, and typed access to them. */
export interface SessionsImport<D extends object = DefaultData> extends DynamicModule {
  /**
   * The loaded session of a request. The same as `loadSession`, but the manager gives it its type.
   *
   * @throws {SessionEngineError} when the store fails.
   * @throws {InvalidSettingError} if there is no request, or this module is not imported.
   */
  load(contextOrRequest: ArgumentsHost | SessionRequest): Promise<Session<D>>
}

/**
 * `SessionsModule.forRoot`, under the name that it has in every adapter.
 *
 * @throws {InvalidSettingError} when a setting or an option is invalid.
 *
 * @example
 * const mount = sessions(createSessions<MyData>({ engine: memoryEngine() }))
 * // imports: [mount] in the root module, and in a guard:
 * const session = await mount.load(context)
 */
export function sessions<D extends object = DefaultData>(
  source: SessionsOf<D>,
  options: SessionsOptions = {},
): SessionsImport<D> {
  return {
    ...SessionsModule.forRoot(source, options),
    load: (contextOrRequest) => loadSession<D>(contextOrRequest),
  }
}
