import type { ServerResponse } from 'node:http'
import { isHttp2 } from '../is-http2.ts'

interface Connection {
  destroy(...args: unknown[]): unknown
  end(...args: unknown[]): unknown
  /** Sockets have one, HTTP/2 streams do not. */
  readonly server?: object
  readonly readableEnded: boolean
  /** The response that is being sent on a socket, until it is written. */
  readonly _httpMessage?: ServerResponse | null
}

/** Keeps a connection open. Shared by all responses that wait on that connection. */
interface Hold {
  readonly destroy: Connection['destroy']
  readonly end: Connection['end']
  responses: number
  /** The arguments of an `end()` and of a `destroy()` that were held back. */
  endArgs: readonly unknown[] | undefined
  destroyArgs: readonly unknown[] | undefined
}

const holds = new WeakMap<Connection, Hold>()

/**
 * Keeps the connection of an ended response open while that waits for its commit: Express, for one, destroys the connection
 * if a handler throws after `end()`, and handlers end it after their response. Without sessions, the response would have been
 * sent by then. A connection that has failed, or whose client has hung up, is not kept. Returns the function that releases
 * the connection: call it once the response has been handed to Node.
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
    // Not deleted, which would cost every connection its V8 shape.
    connection.destroy = hold.destroy
    if (isSocket(connection)) connection.end = hold.end
    if (hold.endArgs !== undefined || hold.destroyArgs !== undefined)
      closeOnceSent(connection, res, hold)
  }
}

function newHold(connection: Connection): Hold {
  const { destroy, end } = connection
  const hold: Hold = { destroy, end, responses: 0, endArgs: undefined, destroyArgs: undefined }
  holds.set(connection, hold)
  connection.destroy = (...args) => {
    if (isReleased(hold) || isDead(connection, args))
      return Reflect.apply(destroy, connection, args)
    hold.destroyArgs ??= args
    return connection
  }
  // Only on a socket: an HTTP/2 stream is ended by its response.
  if (isSocket(connection)) {
    connection.end = (...args) => {
      if (isReleased(hold) || connection.readableEnded) return Reflect.apply(end, connection, args)
      hold.endArgs ??= args
      return connection
    }
  }
  return hold
}

/** Closes a connection once it has sent the response, and those to requests that were pipelined on it. */
function closeOnceSent(connection: Connection, res: ServerResponse, hold: Hold): void {
  const sending = connection._httpMessage ?? (res.writableFinished ? undefined : res)
  if (sending !== undefined && !sending.destroyed) {
    sending.once('close', () => closeOnceSent(connection, res, hold))
    return
  }
  const { endArgs, destroyArgs } = hold
  if (endArgs !== undefined) connection.end(...endArgs)
  if (destroyArgs !== undefined) connection.destroy(...destroyArgs)
}

/** Whether a method was called that somebody has kept until now, as `destroySoon()` of a socket keeps `destroy()`. */
function isReleased({ responses }: Hold): boolean {
  return responses === 0
}

/** Whether a socket has failed, or its client has hung up. HTTP/2 streams do not count: their reading ends with the request. */
function isDead(connection: Connection, [error]: readonly unknown[]): boolean {
  return isSocket(connection) && (Boolean(error) || connection.readableEnded)
}

function isSocket({ server }: Connection): boolean {
  return server !== undefined
}
