import { outermostCarrier } from './attach-carrier.ts'
import type { NodeResponse } from './types.ts'
import { writeError } from './write-error.ts'

/**
 * Answers `{ "error": code }` with the error's status: the error handler for applications without a framework. Headers that
 * were set since the mount are removed. If the headers have already been sent, the connection is closed instead, unless the
 * response has ended. Of an error from outside this library, only the `status` is used.
 *
 * @example
 * createServer((req, res) => {
 *   mount(req, res)
 *   handle(req, res).catch((error) => answerError(res, error))
 * })
 */
export function answerError(res: NodeResponse, error: unknown): void {
  if (res.writableEnded) return
  if (res.headersSent) {
    res.destroy()
    return
  }
  outermostCarrier(res.req)?.restoreResponse()
  writeError(res, error, res)
}
