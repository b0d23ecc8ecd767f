import { request, type IncomingHttpHeaders } from 'node:http'
import { connect, type IncomingHttpStatusHeader } from 'node:http2'

/** A response as the client received it. */
export interface Received {
  readonly status: number
  readonly message: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly trailers: unknown
  readonly body: string
  /** The status codes of informational responses that came before. */
  readonly informational: readonly number[]
}

/** A request to send. */
export interface Asked {
  readonly method?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Sends a request by HTTP/1, over a connection of its own. */
export function ask(url: string, { method = 'GET', headers = {} }: Asked = {}): Promise<Received> {
  return new Promise((resolve, reject) => {
    const informational: number[] = []
    const outgoing = request(url, { method, headers: { ...headers }, agent: false })
    outgoing.on('continue', () => informational.push(100))
    outgoing.on('information', ({ statusCode }) => informational.push(statusCode))
    outgoing.on('error', reject)
    outgoing.on('response', (message) => {
      let body = ''
      message.setEncoding('utf8')
      message.on('data', (chunk: string) => {
        body += chunk
      })
      message.on('error', reject)
      message.on('end', () =>
        resolve({
          status: message.statusCode ?? 0,
          message: message.statusMessage,
          headers: message.headers,
          trailers: message.trailers,
          body,
          informational,
        }),
      )
    })
    outgoing.end()
  })
}

/** Sends a request by HTTP/2, over a connection of its own. */
export function askHttp2(
  url: string,
  { method = 'GET', headers = {} }: Asked = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const informational: number[] = []
    const session = connect(url)
    // `connect` takes only the origin of the URL.
    const { pathname, search } = new URL(url)
    const stream = session.request({ ':method': method, ':path': pathname + search, ...headers })
    let answered: IncomingHttpHeaders & IncomingHttpStatusHeader = {}
    let trailers: unknown = {}
    let body = ''
    session.on('error', reject)
    stream.on('headers', ({ ':status': status }) => informational.push(status ?? 0))
    stream.on('response', (received) => {
      answered = received
    })
    stream.on('trailers', (received) => {
      trailers = { ...received }
    })
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      body += chunk
    })
    stream.on('error', reject)
    stream.on('close', () => {
      session.close()
      const { ':status': status = 0, ...rest } = answered
      resolve({ status, message: undefined, headers: rest, trailers, body, informational })
    })
    stream.end()
  })
}
