import type { ServerResponse } from 'node:http'
import { refuseInvalidChunk, tellCallback } from './response-calls.ts'
import type { Methods } from './response-methods.ts'

/**
 * The methods of a response that was answered with an error: what the handler still writes goes nowhere, and who waits for it
 * is told that error.
 *
 * @param inner The methods that have written the answer.
 */
export function discardingMethods(res: ServerResponse, inner: Methods, error: unknown): Methods {
  return {
    writeHead: () => res,
    write(...args) {
      refuseInvalidChunk(args[0])
      tellCallback({ method: 'write', args }, error)
      // Said in any case, or a stream without an end would let nobody else have a turn.
      setImmediate(() => res.emit('drain'))
      return false
    },
    end(...args) {
      if (args[0] && typeof args[0] !== 'function') refuseInvalidChunk(args[0])
      tellCallback({ method: 'end', args }, error)
      return res
    },
    flushHeaders: () => undefined,
    on: inner.on,
    // A wrapper inside, compression for example, may have to send the answer's bytes later.
    _send: inner._send,
  }
}
