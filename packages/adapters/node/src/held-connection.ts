import type { ServerResponse } from 'node:http'
import { isHttp2 } from './response-headers.ts'

interface Connection {
  destroy(...args: unknown[]): unknown
  /** Sockets have one, HTTP/2 streams do not. */
  readonly server?: object
  readonly readableEnded: boolean
  /** The response that is being sent on a socket, until it is written. */
  readonly _httpMessage?: ServerResponse | null
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
 * the response has been handed to Node.
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
    if (destroyArgs !== undefined) destroyOnceSent(connection, res, destroyArgs)
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

/** Destroys a connection once it has sent the response, and those to requests that were pipelined on it. */
function destroyOnceSent(
  connection: Connection,
  res: ServerResponse,
  args: readonly unknown[],
): void {
  const sending = connection._httpMessage ?? (res.writableFinished ? undefined : res)
  if (sending === undefined || sending.destroyed) connection.destroy(...args)
  else sending.once('close', () => destroyOnceSent(connection, res, args))
}

/** Whether a socket has failed, or its client has hung up. HTTP/2 streams do not count: their reading ends with the request. */
function isDead({ server, readableEnded }: Connection, [error]: readonly unknown[]): boolean {
  return server !== undefined && (Boolean(error) || readableEnded)
}
