import {
  listen,
  referenceApp,
  referenceServerOptions,
  type ReferenceApp,
  type ReferenceAppOptions,
  type ReferenceServer,
} from '@sessions/testing/reference-app'
import {
  createServer as createHttp1Server,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import {
  connect,
  constants,
  createServer,
  type ClientHttp2Session,
  type OutgoingHttpHeaders,
} from 'node:http2'
import type { AddressInfo } from 'node:net'

/**
 * Starts an app as a server of HTTP/2, and a server of HTTP/1 in front of it, since the suite speaks HTTP/1. Both ends of a
 * request hang up together, and nothing is buffered in between.
 */
export async function serveOverHttp2(
  createApp: (app: ReferenceApp) => RequestListener,
  options: ReferenceAppOptions,
): Promise<ReferenceServer> {
  const settings = { maxHeaderListSize: referenceServerOptions.maxHeaderSize }
  const app = createApp(referenceApp(options))
  const back = createServer({ settings, maxSendHeaderBlockLength: 1 << 20 }, app as never)
  await new Promise<void>((resolve) => {
    back.listen(0, '127.0.0.1', resolve)
  })
  const { port } = back.address() as AddressInfo
  const session = connect(`http://127.0.0.1:${port}`, { maxSendHeaderBlockLength: 1 << 20 })
  const front = createHttp1Server(referenceServerOptions, (req, res) => forward(session, req, res))
  const { url, close } = await listen(front, options.port)
  return {
    url,
    async close() {
      await close()
      session.destroy()
      await new Promise((resolve) => {
        back.close(resolve)
      })
    },
  }
}

function forward(session: ClientHttp2Session, req: IncomingMessage, res: ServerResponse): void {
  const { host, connection: _, ...headers } = req.headers
  const stream = session.request(
    {
      ...(headers as OutgoingHttpHeaders),
      ':method': req.method,
      ':path': req.url,
      ':authority': host,
    },
    { endStream: true },
  )
  stream.on('response', ({ ':status': status = 0, ...answered }) => {
    for (const [name, value] of Object.entries(answered)) {
      if (value !== undefined) res.setHeader(name, value)
    }
    res.writeHead(status)
    res.flushHeaders()
    stream.pipe(res)
  })
  stream.on('error', () => res.destroy())
  stream.on('aborted', () => res.destroy())
  res.on('close', () => {
    if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL)
  })
}
