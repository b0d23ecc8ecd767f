import type { ServerResponse } from 'node:http'
import { isHttp2 } from './response-headers.ts'

interface Connection {
  destroy(...args: unknown[]): unknown
  /** Of a socket. Streams of HTTP/2 have none. */
  readonly server?: object
  readonly readableEnded: boolean
}

/** What keeps a connection. There is one for all responses that wait for their turn on it. */
interface Hold {
  readonly destroy: Connection['destroy']
  responses: number
  /** What `destroy` was called with, while it was held. */
  asked: readonly unknown[] | undefined
}

const holds = new WeakMap<Connection, Hold>()

/**
 * Keeps the connection of a response that was ended, while that waits: Express, for one, destroys it when a handler throws
 * after `end()`. Without us, the response would have left by then. A connection that has failed, or whose client has hung up, is
 * not kept. Returns what lets the connection go: to be called once all is written.
 */
export function holdConnection(res: ServerResponse): () => void {
  // Not `res.socket`, which a response only has when it is its turn.
  const connection = (isHttp2(res) ? res.stream : res.req.socket) as unknown as
    | Connection
    | undefined
  if (connection === undefined) return () => {}
  const hold = holds.get(connection) ?? newHold(connection)
  hold.responses++
  return () => {
    if (--hold.responses > 0) return
    holds.delete(connection)
    const { destroy, asked } = hold
    // Not deleted: every connection would lose its shape.
    connection.destroy = destroy
    if (asked === undefined) return
    const letGo = (): unknown => Reflect.apply(destroy, connection, asked)
    if (res.writableEnded) letGo()
    else res.once('finish', letGo).once('close', letGo)
  }
}

function newHold(connection: Connection): Hold {
  const hold: Hold = { destroy: connection.destroy, responses: 0, asked: undefined }
  holds.set(connection, hold)
  connection.destroy = (...args) => {
    if (isOver(connection, args)) return Reflect.apply(hold.destroy, connection, args)
    hold.asked ??= args
    return connection
  }
  return hold
}

/** Whether nobody gets the response any more. A stream of HTTP/2 has ended its reading long before. */
function isOver({ server, readableEnded }: Connection, [error]: readonly unknown[]): boolean {
  return server !== undefined && (Boolean(error) || readableEnded)
}
