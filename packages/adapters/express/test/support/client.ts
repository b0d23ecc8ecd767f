import { request, type IncomingHttpHeaders } from 'node:http'

/** What came back. */
export interface Received {
  readonly status: number
  readonly message: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly trailers: unknown
  readonly body: string
  /** The status codes of informational responses that came before. */
  readonly informational: readonly number[]
}

/** What to send. */
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
