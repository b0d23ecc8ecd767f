import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import type { ApplicationConfig, HttpAdapterHost } from '@nestjs/core'
import { isSessionError, type SessionError } from '@sessions/core'

/** Matches all of core's errors, those of another copy of it included, when Nest tests them with `instanceof`. */
class AnySessionError {
  static [Symbol.hasInstance](value: unknown): boolean {
    return isSessionError(value)
  }
}

/** Answers core's errors as `{ "error": code }`, with their status, and logs those of 500 or more as Nest does. */
@Catch(AnySessionError)
export class SessionErrorFilter implements ExceptionFilter<SessionError> {
  readonly #host: HttpAdapterHost
  readonly #logger = new Logger('SessionsModule')

  constructor(host: HttpAdapterHost) {
    this.#host = host
  }

  catch(error: SessionError, host: ArgumentsHost): void {
    // Other transports report errors in their own ways; a microservice does so if its filter returns nothing.
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
 * Puts a filter before all global filters. Nest tries them from last to first, so any filter of the application that catches
 * the error wins. An `APP_FILTER` would not do: that of an imported module wins over those of the modules that import it.
 */
export function addLastFilter(config: ApplicationConfig, filter: ExceptionFilter): void {
  config.getGlobalFilters().unshift(filter)
}
