import { answerError, sessions, type SessionRequest } from '@sessions/node'
import { once } from 'node:events'
import { createServer, request as sendRequest, type Server, type ServerResponse } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ask, askHttp2, type Received } from './support/client.ts'
import { settled } from './support/exchange.ts'
import { gatedEngine, type GatedEngine } from './support/gated-engine.ts'
import { serve, serveHttp2, type TestServer } from './support/servers.ts'

/** Serves a handler after changing its session. The commit waits until `engine.open()`. */
async function serveHeld(
  handler: (res: ServerResponse, req: SessionRequest) => unknown,
  start: typeof serve = serve,
): Promise<TestServer & { engine: GatedEngine }> {
  const engine = gatedEngine()
  engine.hold()
  const mount = sessions({ engine })
  const server = await start(async (req, res) => {
    mount(req, res)
    const session = await mount.load(req)
    session.set('views', 1)
    handler(res, req as SessionRequest)
  })
  return { ...server, engine }
}

describe('a response that waits for its commit', () => {
  it('sends no byte before the session is stored', async () => {
    let response: ServerResponse | undefined
    const { url, engine } = await serveHeld((res) => {
      response = res
      res.end('text')
    })

    const answer = ask(url)
    await engine.reached()
    expect(response?.socket?.bytesWritten).toBe(0)
    engine.open()

    expect((await answer).headers['set-cookie']?.[0]).toMatch(/^sessionid=/)
  })

  it.each([
    ['HTTP/1', serve, ask],
    ['HTTP/2', serveHttp2, askHttp2],
  ])('of %s reports that it has ended, and can no longer be changed', async (_, start, send) => {
    let response: ServerResponse | undefined
    const { url, engine } = await serveHeld((res) => {
      response = res
      res.end('text')
    }, start)

    const answer = send(url)
    await engine.reached()
    expect(response?.headersSent).toBe(true)
    expect(response?.writableEnded).toBe(true)
    expect(response?.finished).toBe(true)
    expect(() => response?.setHeader('x-late', '1')).toThrow('after they are sent')
    expect(() => response?.writeHead(404)).toThrow('Cannot write headers')
    if (response !== undefined) response.statusCode = 404
    engine.open()

    expect((await answer).status).toBe(200)
  })

  it('keeps what is written, returns false at once, and emits drain after the commit', async () => {
    const log: string[] = []
    const { url, engine } = await serveHeld((res) => {
      log.push(`write: ${res.write('one,', () => log.push('one is written'))}`)
      log.push(`needs drain: ${res.writableNeedDrain}`)
      res.on('drain', () => {
        log.push(`drain, write: ${res.write('two,')}`)
        log.push(`needs drain: ${res.writableNeedDrain}`)
        res.end('three')
      })
    })

    const answer = ask(url)
    await engine.reached()
    expect(log).toEqual(['write: false', 'needs drain: true'])
    engine.open()

    expect((await answer).body).toBe('one,two,three')
    expect(log).toContain('one is written')
    expect(log).toContain('drain, write: true')
    expect(log).toContain('needs drain: false')
  })

  it('over HTTP/2, needs a drain if its version of Node has responses that say so', async () => {
    const log: unknown[] = []
    let known = false
    const { url, engine } = await serveHeld((res) => {
      known = 'writableNeedDrain' in res
      log.push(res.write('one,'), res.writableNeedDrain)
      res.once('drain', () => {
        log.push(res.writableNeedDrain)
        res.end('two')
      })
    }, serveHttp2)

    const answer = askHttp2(url)
    await engine.reached()
    engine.open()

    expect((await answer).body).toBe('one,two')
    expect(log).toEqual(known ? [false, true, false] : [false, undefined, undefined])
  })

  it('over HTTP/2, needs no drain if it is one to HEAD, since none would follow', async () => {
    let response: ServerResponse | undefined
    const { url, engine } = await serveHeld((res) => {
      response = res
      res.write('discarded')
      Readable.from([]).pipe(res)
    }, serveHttp2)

    const answer = askHttp2(url, { method: 'HEAD' })
    await engine.reached()
    engine.open()
    await answer
    await settled()

    expect(response?.writableEnded).toBe(true)
  })

  it('emits drain for listeners added by once()', async () => {
    const { url, engine } = await serveHeld(async (res) => {
      for (const chunk of ['one,', 'two,', 'three']) {
        if (!res.write(chunk)) await once(res, 'drain')
      }
      res.end()
    })

    const answer = ask(url)
    await engine.reached()
    engine.open()

    expect((await answer).body).toBe('one,two,three')
  })

  it('buffers no more of a piped stream than for a slow client', async () => {
    let pulled = 0
    const source = Readable.from(
      (function* chunks() {
        for (; pulled < 1000; pulled++) yield Buffer.alloc(64 * 1024, 'x')
      })(),
      { objectMode: false, highWaterMark: 1 },
    )
    const { url, engine } = await serveHeld((res) => source.pipe(res))

    const answer = ask(url)
    await engine.reached()
    await settled()
    expect(pulled).toBeLessThan(5)
    engine.open()

    expect((await answer).body).toHaveLength(1000 * 64 * 1024)
  })

  it.each(['read', 'changed'])(
    'over HTTP/2, closes its stream, and nothing else, if writeHead got headers that HTTP/2 refuses, with a session that was %s',
    async (use) => {
      const mount = sessions({ engine: gatedEngine() })
      const { url } = await serveHttp2(async (req, res) => {
        mount(req, res)
        const session = await mount.load(req)
        if (use === 'changed') session.set('views', 1)
        if (req.url === '/refused') res.writeHead(200, { 'transfer-encoding': 'chunked' })
        else res.end('text')
      })
      const session = connectHttp2(url)
      const refused = session.request({ ':path': '/refused' })
      await once(refused, 'close').catch(() => {})
      const next = session.request({ ':path': '/' })
      next.setEncoding('utf8')
      const [body] = await once(next, 'data')
      session.close()

      expect(refused.rstCode).not.toBe(0)
      expect(body).toBe('text')
    },
  )

  it('over HTTP/2, sends the headers of writeHead as soon as the session is stored', async () => {
    let response: ServerResponse | undefined
    const { url, engine } = await serveHeld((res) => {
      res.writeHead(200, { 'content-type': 'text/plain' })
      response = res
    }, serveHttp2)
    const session = connectHttp2(url)
    const stream = session.request({ ':path': '/' })
    const headers = once(stream, 'response')

    await engine.reached()
    engine.open()
    const [answered] = await headers
    response?.end('text')
    stream.setEncoding('utf8')
    const [body] = await once(stream, 'data')
    session.close()

    expect(answered['set-cookie']?.[0]).toMatch(/^sessionid=/)
    expect(body).toBe('text')
  })

  it('keeps the order of pipelined requests', async () => {
    const engine = gatedEngine()
    const mount = sessions({ engine })
    const { port } = await serve(async (req, res) => {
      mount(req, res)
      if (req.url === '/held') (await mount.load(req)).set('views', 1)
      res.end(`answer to ${req.url};`)
    })
    engine.hold()
    const socket = connect(port, '127.0.0.1')
    socket.setEncoding('utf8')
    let received = ''
    socket.on('data', (text: string) => {
      received += text
    })
    socket.write('GET /held HTTP/1.1\r\nHost: a\r\n\r\n')
    socket.write('GET /free HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')

    await engine.reached()
    expect(received).toBe('')
    engine.open()
    await once(socket, 'close')

    expect(received.match(/answer to \/\w+/g)).toEqual(['answer to /held', 'answer to /free'])
  })
})

describe('a commit that is synchronous', () => {
  it('defers nothing: the first byte leaves within the call', async () => {
    const engine = gatedEngine()
    const mount = sessions({ engine })
    const written: (number | undefined)[] = []
    const { url } = await serve(async (req, res) => {
      mount(req, res)
      ;(await mount.load(req)).get('views')
      const before = res.socket?.bytesWritten
      res.end('text')
      written.push(before, res.writableLength, res.socket?.bytesWritten)
    })

    await ask(url)

    expect(written[0]).toBe(0)
    expect(written[2]).toBeGreaterThan(0)
  })
})

describe('headers', () => {
  it('Set-Cookie lines passed to writeHead stay beside ours, and Vary and Cache-Control are extended', async () => {
    for (const headers of [
      { 'Set-Cookie': ['a=1', 'b=2'], Vary: 'Accept', 'Cache-Control': 'max-age=1' },
      ['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Vary', 'Accept', 'Cache-Control', 'max-age=1'],
      [
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['Vary', 'Accept'],
        ['Cache-Control', 'max-age=1'],
      ],
    ]) {
      const { url, engine } = await serveHeld((res) => res.writeHead(200, headers as never).end())

      const answer = ask(url)
      await engine.reached()
      engine.open()
      const received = (await answer).headers

      expect(received['set-cookie']).toEqual(['a=1', 'b=2', expect.stringMatching(/^sessionid=/)])
      expect(received['vary']).toBe('Accept, Cookie')
      expect(received['cache-control']).toBe('max-age=1, no-cache="Set-Cookie"')
    }
  })

  it('informational responses do not wait', async () => {
    const { url, engine } = await serveHeld((res) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload' })
      res.end('text')
    })
    const outgoing = sendRequest(url, { agent: false }).end()
    const response = once(outgoing, 'response')

    const [information] = await once(outgoing, 'information')
    expect(information.statusCode).toBe(103)
    await engine.reached()
    engine.open()

    const [message] = await response
    message.resume()
    expect(message.headers['set-cookie']).toHaveLength(1)
  })
})

/** More than the operating system buffers for a connection. */
const LARGE = Buffer.alloc(32 * 1024 * 1024, 'x')

/** Sends a request and destroys its connection on the server after the response has ended. */
async function destroyed(
  destroy: (res: ServerResponse, req: SessionRequest) => void,
  { start = serve, body = 'text' }: { start?: typeof serve; body?: string | Buffer } = {},
): Promise<Received> {
  const { url, engine } = await serveHeld((res, req) => {
    res.end(body)
    destroy(res, req)
  }, start)
  const answer = (start === serve ? ask : askHttp2)(url)
  await engine.reached()
  await settled()
  engine.open()
  return answer
}

/** What a graceful shutdown does. */
function closeServer(_res: ServerResponse, req: SessionRequest): void {
  const { server } = req.socket as Socket & { server: Server }
  server.close()
  server.closeIdleConnections()
}

describe('an ended response whose connection is closed while it waits', () => {
  it('reaches its client, as it would without a session', async () => {
    const received = await destroyed((_res, req) => req.socket.destroy())

    expect([received.status, received.body]).toEqual([200, 'text'])
    expect(received.headers['set-cookie']).toHaveLength(1)
  })

  it('reaches its client over HTTP/2, too', async () => {
    const received = await destroyed((_res, req) => req.socket.destroy(), {
      start: serveHttp2,
    })

    expect([received.status, received.body]).toEqual([200, 'text'])
  })

  it('reaches its client even if answerError is called', async () => {
    const received = await destroyed((res) => answerError(res, new Error('after the end')))

    expect([received.status, received.body]).toEqual([200, 'text'])
  })

  it('reaches its client even if the server and its idle connections are closed', async () => {
    const received = await destroyed(closeServer)

    expect([received.status, received.body]).toEqual([200, 'text'])
    expect(received.headers['set-cookie']).toHaveLength(1)
  })

  it.each<[string, typeof serve, Parameters<typeof destroyed>[0]]>([
    ['the server is closed', serve, closeServer],
    ['the connection is destroyed', serve, (_res, req) => req.socket.destroy()],
    ['the connection is ended', serve, (_res, req) => req.socket.end()],
    ['the connection is to be destroyed soon', serve, (_res, req) => req.socket.destroySoon()],
    ['the stream is destroyed, over HTTP/2', serveHttp2, (_res, req) => req.socket.destroy()],
  ])('reaches its client in full if it is large and %s', async (_, start, destroy) => {
    const received = await destroyed(destroy, { start, body: LARGE })

    expect([received.status, received.body.length]).toEqual([200, LARGE.length])
  })

  it('is followed by the responses to pipelined requests, before the connection closes', async () => {
    const engine = gatedEngine()
    const mount = sessions({ engine })
    const unfinished: ServerResponse[] = []
    const { port, server } = await serve(async (req, res) => {
      mount(req, res)
      if (req.url !== '/held') {
        unfinished.push(res)
        return
      }
      ;(await mount.load(req)).set('views', 1)
      res.end('answer to /held;')
    })
    engine.hold()
    const socket = connect(port, '127.0.0.1')
    const closed = once(socket, 'close')
    socket.setEncoding('utf8')
    let received = ''
    socket.on('data', (text: string) => {
      received += text
    })
    const requests = ['/held', '/second', '/third'].map(
      (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`,
    )
    socket.write(requests.join(''))
    await engine.reached()

    server.close()
    engine.open()
    await once(socket, 'data')
    await settled()
    for (const res of unfinished) res.end(`answer to ${res.req.url};`)
    await closed

    expect(received.match(/answer to \/\w+/g)).toEqual([
      'answer to /held',
      'answer to /second',
      'answer to /third',
    ])
  })

  it.each<[string, (client: Socket) => void]>([
    ['the client resets it', (client) => client.resetAndDestroy()],
    ['the client ends it', (client) => client.end()],
  ])('has its connection closed at once if %s', async (_, leave) => {
    const engine = gatedEngine()
    const mount = sessions({ engine })
    const sockets: Socket[] = []
    const server = createServer(async (req, res) => {
      sockets.push(req.socket)
      mount(req, res)
      const session = await mount.load(req)
      session.set('views', 1)
      res.end('text')
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    engine.hold()
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    client.on('error', () => {})
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await engine.reached()
    const [socket] = sockets
    const closed = new Promise((resolve) => {
      socket?.on('close', resolve)
    })

    leave(client)
    await closed

    expect(socket?.destroyed).toBe(true)
    engine.open()
    server.close()
  })

  it('is not sent if it is itself destroyed, and its connection is closed', async () => {
    await expect(destroyed((res) => res.destroy())).rejects.toThrow('hang up')
  })

  it.each(['destroy', 'end', 'destroySoon'] as const)(
    'has its connection closed once it is sent, after %s()',
    async (method) => {
      const { port, engine } = await serveHeld((res, req) => {
        res.end('text')
        req.socket[method]()
      })
      const client = connect(port, '127.0.0.1')
      client.setEncoding('utf8')
      let received = ''
      client.on('data', (text: string) => {
        received += text
      })
      client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await engine.reached()
      engine.open()
      await once(client, 'close')

      expect(received).toMatch(/text$/)
    },
  )
})
