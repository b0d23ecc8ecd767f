import type { ServerResponse } from 'node:http'
import { isHttp2 } from './response-headers.ts'

interface Connection {
  destroy(...args: unknown[]): unknown
  /** Sockets have one, HTTP/2 streams do not. */
  readonly server?: object
  readonly readableEnded: boolean
}

/** Keeps a connection open. Shared by all responses that wait on that connection. */
interface Hold {
  readonly destroy: Connection['destroy']
  responses: number
  /** The arguments of a `destroy()` that was held back. */
  destroyArgs: readonly unknown[] | undefined
}

const holds = new WeakMap<Connection, Hold>()

/**
 * Keeps the connection of an ended response open while that waits for its commit: Express, for one, destroys the connection
 * if a handler throws after `end()`. Without sessions, the response would have been sent by then. A connection that has
 * failed, or whose client has hung up, is not kept. Returns the function that releases the connection: call it once
 * everything is written.
 */
export function holdConnection(res: ServerResponse): () => void {
  // Not `res.socket`: a pipelined response has none until its turn.
  const connection = (isHttp2(res) ? res.stream : res.req.socket) as unknown as
    | Connection
    | undefined
  if (connection === undefined) return () => {}
  const hold = holds.get(connection) ?? newHold(connection)
  hold.responses++
  return () => {
    if (--hold.responses > 0) return
    holds.delete(connection)
    const { destroy, destroyArgs } = hold
    // Not deleted, which would cost every connection its V8 shape.
    connection.destroy = destroy
    if (destroyArgs === undefined) return
    const destroyNow = (): unknown => Reflect.apply(destroy, connection, destroyArgs)
    if (res.writableEnded) destroyNow()
    else res.once('finish', destroyNow).once('close', destroyNow)
  }
}

function newHold(connection: Connection): Hold {
  const hold: Hold = { destroy: connection.destroy, responses: 0, destroyArgs: undefined }
  holds.set(connection, hold)
  connection.destroy = (...args) => {
    if (isDead(connection, args)) return Reflect.apply(hold.destroy, connection, args)
    hold.destroyArgs ??= args
    return connection
  }
  return hold
}

/** Whether a socket has failed, or its client has hung up. HTTP/2 streams do not count: their reading ends with the request. */
function isDead({ server, readableEnded }: Connection, [error]: readonly unknown[]): boolean {
  return server !== undefined && (Boolean(error) || readableEnded)
}
