import type { ServerResponse } from 'node:http'
import { refuseInvalidChunk } from './node-errors.ts'
import { tellCallback } from './response-call.ts'
import type { Methods } from './response-methods.ts'

/**
 * The methods of a response after an error response was sent in its place: what the handler still writes is discarded, and
 * its callbacks get that error.
 *
 * @param inner The methods that wrote the error response.
 */
export function discardingMethods(res: ServerResponse, inner: Methods, error: unknown): Methods {
  return {
    writeHead: () => res,
    write(...args) {
      refuseInvalidChunk(res, args[0])
      tellCallback({ method: 'write', args }, error)
      // Never true: a stream without an end would then keep writing and block the event loop.
      setImmediate(() => res.emit('drain'))
      return false
    },
    end(...args) {
      if (args[0] && typeof args[0] !== 'function') refuseInvalidChunk(res, args[0])
      tellCallback({ method: 'end', args }, error)
      return res
    },
    flushHeaders: () => undefined,
    on: inner.on,
    // An inner wrapper, such as compression, may still have to send bytes of the error response.
    _send: inner._send,
  }
}
