import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { ApplicationConfig, HttpAdapterHost } from '@nestjs/core'
import { isSessionError, type SessionError } from '@sessions/core'

/** Every error of the core, those of another copy of it included: what Nest asks `instanceof`. */
class AnySessionError {
  static [Symbol.hasInstance](value: unknown): boolean {
    return isSessionError(value)
  }
}

/** Answers errors of the core with their status as `{ "error": code }`, and logs those of the server as Nest does. */
@Catch(AnySessionError)
export class SessionErrorFilter implements ExceptionFilter<SessionError> {
  readonly #host: HttpAdapterHost
  readonly #logger = new Logger('SessionsModule')

  constructor(host: HttpAdapterHost) {
    this.#host = host
  }

  catch(error: SessionError, host: ArgumentsHost): void {
    // Other transports tell their clients of errors in their own ways: microservices do so if a filter returns nothing.
    const type = host.getType<string>()
    if (type === 'rpc') return
    if (type !== 'http') throw error
    const { httpAdapter } = this.#host
    const { status = 500, code } = error
    const response: unknown = host.getArgByIndex(1)
    if (status >= 500) this.#logger.error(error)
    if (httpAdapter.isHeadersSent(response)) httpAdapter.end(response)
    else httpAdapter.reply(response, { error: code }, status)
  }
}

/**
 * Puts a filter before all global filters. Nest asks the last one first, so that any filter of the application that
 * catches the error wins; an `APP_FILTER` of an imported module would win over those of the modules that import it.
 */
export function addLastFilter(config: ApplicationConfig, filter: ExceptionFilter): void {
  config.getGlobalFilters().unshift(filter)
}
