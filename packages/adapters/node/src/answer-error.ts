import { outermostCarrier } from './attach-carrier.ts'
import type { NodeResponse } from './types.ts'
import { writeError } from './write-error.ts'

/**
 * Answers `{ "error": code }` with the error's status: the error handler of applications that have no framework. The headers
 * that were set for the lost response are taken back. If they have already left, the connection is ended instead, unless the
 * response has ended. Of errors that are not of this library, only the `status` is used.
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
