import { request, type ClientRequest, type IncomingMessage } from 'node:http'

/** The parts of a request besides its URL. */
export interface SendOptions {
  /** @default 'GET' */
  readonly method?: string | undefined
  /** The whole Cookie header. */
  readonly cookie?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** A parsed Set-Cookie header. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  /** Keyed by the lower-case name; `''` if the attribute has no value. */
  readonly attributes: ReadonlyMap<string, string>
  /** Whether it deletes the cookie: its Max-Age is 0. */
  readonly deletes: boolean
}

/** A response whose headers have arrived. */
export interface Head {
  readonly status: number
  readonly setCookies: readonly SetCookie[]
  /** The values of all headers with this lower-case name. */
  lines(name: string): string[]
  /** The same, split at commas, trimmed and in lower case. */
  list(name: string): string[]
}

/** A complete response. */
export interface Answer extends Head {
  readonly body: string
  /** The body, parsed as JSON. */
  json(): unknown
}

/** A request in flight. */
export interface Transfer {
  /** Resolves when the headers have arrived. */
  readonly head: Promise<Head>
  /** Whether the headers have arrived. */
  started(): boolean
  /** The next chunk of the body, as it arrives; undefined at the end. */
  chunk(): Promise<string | undefined>
  /** Waits for the rest of the body. */
  answer(): Promise<Answer>
  /** Hangs up. Resolves when this side has closed the connection. */
  abort(): Promise<void>
}

/** Sends a request over a new connection and waits for the complete response. */
export function send(url: string, options: SendOptions = {}): Promise<Answer> {
  return transfer(url, options).answer()
}

/** Sends a request over a new connection, without a cookie jar; redirects are not followed. */
export function transfer(url: string, options: SendOptions = {}): Transfer {
  const headers = {
    ...options.headers,
    ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
  }
  const outgoing = request(url, { method: options.method ?? 'GET', headers, agent: false })
  let started = false
  const incoming = responseTo(outgoing, () => {
    started = true
  })
  const head = incoming.then(readHead)
  // After an abort, nobody awaits these promises.
  head.catch(() => {})
  const chunks = incoming.then((message) => message.setEncoding('utf8')[Symbol.asyncIterator]())
  chunks.catch(() => {})

  async function chunk(): Promise<string | undefined> {
    const next = await (await chunks).next()
    return next.done === true ? undefined : String(next.value)
  }

  return {
    head,
    started: () => started,
    chunk,
    async answer() {
      const { status, setCookies, lines, list } = await head
      let body = ''
      for (let part = await chunk(); part !== undefined; part = await chunk()) body += part
      return { status, setCookies, lines, list, body, json: () => JSON.parse(body) as unknown }
    },
    abort() {
      const closed = new Promise<void>((resolve) => {
        outgoing.once('close', () => resolve())
      })
      outgoing.destroy()
      return closed
    },
  }
}

/** Parses a Set-Cookie header. */
function parseSetCookie(line: string): SetCookie {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
  const [name, value] = splitAtEquals(pair)
  const attributes = new Map(
    rest.map((part) => {
      const [attribute, text] = splitAtEquals(part)
      return [attribute.toLowerCase(), text] as const
    }),
  )
  return { name, value, attributes, deletes: attributes.get('max-age') === '0' }
}

function responseTo(outgoing: ClientRequest, onStart: () => void): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject)
    outgoing.once('response', (message) => {
      onStart()
      resolve(message)
    })
    outgoing.end()
  })
}

function readHead(message: IncomingMessage): Head {
  const lines = (name: string): string[] => {
    const found: string[] = []
    for (let index = 0; index < message.rawHeaders.length; index += 2) {
      if (message.rawHeaders[index]?.toLowerCase() === name)
        found.push(message.rawHeaders[index + 1] ?? '')
    }
    return found
  }
  const setCookies = lines('set-cookie').map(parseSetCookie)
  const names = setCookies.map(({ name }) => name)
  if (new Set(names).size < names.length) {
    throw new Error(
      `A response has several Set-Cookie headers of one name: ${lines('set-cookie').join(' | ')}`,
    )
  }
  return {
    status: message.statusCode ?? 0,
    setCookies,
    lines,
    list: (name) => {
      const items = lines(name).flatMap((line) => line.split(','))
      return items.map((item) => item.trim().toLowerCase()).filter((item) => item !== '')
    },
  }
}

function splitAtEquals(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=')
  return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
}
