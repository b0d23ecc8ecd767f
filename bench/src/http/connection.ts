import { connect, type Socket } from 'node:net'

/** A client with one connection and a cookie jar. It sends a request once the last one is answered. */
export interface Connection {
  /** Connects, unless it is connected already. */
  open(): Promise<void>
  /**
   * Sends requests until `goOn` returns false. Rejects on any status but 200 and 303.
   *
   * @param goOn Called after each response, with the milliseconds that it took.
   */
  run(request: ConnectionRequest, goOn: (milliseconds: number) => boolean): Promise<void>
  close(): void
}

/** The request that a connection sends again and again. */
export interface ConnectionRequest {
  readonly path: string
  readonly withCookie: boolean
}

interface Exchange {
  readonly withCookie: boolean
  readonly goOn: (milliseconds: number) => boolean
  readonly send: () => void
  readonly resolve: () => void
  readonly reject: (reason: Error) => void
  started: number
}

/** Creates a client of the server at a port of this machine. */
export function createConnection(port: number): Connection {
  const jar = new Map<string, string>()
  let socket: Socket | undefined
  let exchange: Exchange | undefined
  let pending = ''

  const fail = (error: Error): void => {
    socket = undefined
    exchange?.reject(error)
    exchange = undefined
  }

  const receive = (chunk: Buffer): void => {
    const text = pending + chunk.toString('latin1')
    const head = headOf(text)
    if (head === undefined) {
      pending = text
      return
    }
    pending = ''
    const current = exchange
    if (current === undefined) return
    if (!text.startsWith('200', 9) && !text.startsWith('303', 9)) {
      fail(new Error(`The server answered ${text.slice(0, 500)}`))
      return
    }
    if (current.withCookie) keepCookies(head, jar)
    if (current.goOn(performance.now() - current.started)) current.send()
    else {
      exchange = undefined
      current.resolve()
    }
  }

  return {
    async open() {
      if (socket !== undefined) return
      const opened = connect({ port, host: '127.0.0.1', noDelay: true })
      opened.on('data', receive)
      opened.on('error', fail)
      opened.on('close', () => {
        if (socket === opened) fail(new Error('The server closed the connection.'))
      })
      await new Promise<void>((resolve, reject) => {
        opened.once('connect', resolve)
        opened.once('error', reject)
      })
      socket = opened
    },

    run: ({ path, withCookie }, goOn) =>
      new Promise((resolve, reject) => {
        const start = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`
        const send = (): void => {
          const cookie =
            withCookie && jar.size > 0 ? `Cookie: ${[...jar.values()].join('; ')}\r\n` : ''
          current.started = performance.now()
          socket?.write(`${start}${cookie}\r\n`, 'latin1')
        }
        const current: Exchange = { withCookie, goOn, send, resolve, reject, started: 0 }
        exchange = current
        if (socket === undefined) fail(new Error('The connection is not open.'))
        else send()
      }),

    close() {
      const closing = socket
      socket = undefined
      closing?.destroy()
    },
  }
}

/** The head of a response; undefined until the response has arrived completely. */
function headOf(text: string): string | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = text.slice(0, end + 2)
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (length !== undefined) return text.length >= end + 4 + Number(length) ? head : undefined
  const isChunked = /\r\ntransfer-encoding: chunked/i.test(head)
  return isChunked && !text.endsWith('\r\n0\r\n\r\n') ? undefined : head
}

function keepCookies(head: string, jar: Map<string, string>): void {
  for (const [, pair = ''] of head.matchAll(/\r\nset-cookie: ([^;\r]*)/gi)) {
    jar.set(pair.slice(0, pair.indexOf('=')), pair)
  }
}
