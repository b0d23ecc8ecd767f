import { request, type ClientRequest, type IncomingMessage } from 'node:http'

/** What to send. */
export interface SendOptions {
  /** `GET` unless told. */
  readonly method?: string | undefined
  /** The whole Cookie header. */
  readonly cookie?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** A Set-Cookie header, taken apart. */
export interface SetCookie {
  readonly name: string
  readonly value: string
  /** By lower-case name; `''` for those without a value. */
  readonly attributes: ReadonlyMap<string, string>
  /** Whether it takes the cookie away from the client. */
  readonly deletes: boolean
}

/** A response of which the headers are there. */
export interface Head {
  readonly status: number
  readonly setCookies: readonly SetCookie[]
  /** Every line of that header, which is named in lower case. */
  lines(name: string): string[]
  /** The lines of that header as one list, lower-cased. */
  list(name: string): string[]
}

/** A response of which everything is there. */
export interface Answer extends Head {
  readonly body: string
  /** The body, parsed. */
  json(): unknown
}

/** A response that is still on its way. */
export interface Transfer {
  /** Resolves when the headers are there. */
  readonly head: Promise<Head>
  /** Whether the first byte of the answer has come. */
  started(): boolean
  /** The next part of the body as it came over the wire; undefined at its end. */
  chunk(): Promise<string | undefined>
  /** The rest of the body, all at once. */
  answer(): Promise<Answer>
  /** Hangs up. Resolves when the connection is gone on this side. */
  abort(): Promise<void>
}

/** Sends a request over a connection of its own and waits for the whole answer. */
export function send(url: string, options: SendOptions = {}): Promise<Answer> {
  return transfer(url, options).answer()
}

/** Sends a request over a connection of its own. Nothing is hidden: no cookie jar, no redirects followed. */
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
  // Who hangs up does not ask for the answer.
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

/** Takes a Set-Cookie header apart. */
function parseSetCookie(line: string): SetCookie {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
  const [name, value] = cut(pair)
  const attributes = new Map(
    rest.map((part) => {
      const [attribute, text] = cut(part)
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
    throw new Error(`A response sets a cookie twice: ${lines('set-cookie').join(' | ')}`)
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

function cut(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=')
  return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
}
