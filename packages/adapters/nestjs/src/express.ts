import type { HttpServer } from '@nestjs/common'
import type { Sessions } from '@sessions/core'
import { sessions, type NodeRequest, type NodeResponse } from '@sessions/node'
import { isSecure } from '@sessions/node/adapter'

type Next = (error?: unknown) => void
type ErrorHandler = (error: unknown, req: NodeRequest, res: NodeResponse, next: Next) => unknown

/**
 * Gives each request of an Express server a session, `req.session`. Errors go to Nest's exception filters, past Express's own
 * error handling: that of `@nestjs/serve-static` would answer them with 404.
 */
export function mountOnExpress(
  server: HttpServer,
  manager: Sessions,
  { eager }: { readonly eager?: boolean | undefined },
): void {
  const mount = sessions(manager, { eager, https: isSecure })
  const answer = exceptionFiltersOf(server)
  server.use((req: NodeRequest, res: NodeResponse, next: Next) => {
    mount(req, res, (error) => {
      if (error === undefined) next()
      else void answer(error, req, res, next)
    })
  })
}

/** Hands errors to the filters, which Nest gives to the server once it has registered the routes. */
function exceptionFiltersOf(
  server: HttpServer,
): (...call: Parameters<ErrorHandler>) => Promise<void> {
  const { setErrorHandler } = server
  let answer = passOn
  server.setErrorHandler = (handler, prefix) => {
    answer = handler as ErrorHandler
    return setErrorHandler?.call(server, handler, prefix) as unknown
  }
  return async (error, req, res, next) => {
    try {
      await answer(error, req, res, next)
    } catch (thrown) {
      // By a filter.
      next(thrown)
    }
  }
}

const passOn: ErrorHandler = (error, _req, _res, next) => next(error)
