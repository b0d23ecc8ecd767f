import { answerError, sessions, type Next } from '@sessions/node'
import middie from '@fastify/middie'
import connect from 'connect'
import fastify from 'fastify'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, askHttp2, type Received } from './support/client.ts'
import { gatedEngine } from './support/gated-engine.ts'
import { serve, serveHttp2 } from './support/servers.ts'

type Handler = (res: ServerResponse, req: IncomingMessage) => unknown

/** Asks a server without a framework, whose sessions cannot be stored. */
async function failing(
  handler: Handler,
  options: {
    http2?: boolean
    method?: string
    before?: (res: ServerResponse) => void
    next?: (res: ServerResponse) => Next
  } = {},
): Promise<Received & { calls: readonly string[] }> {
  const engine = gatedEngine()
  engine.fail('create')
  const mount = sessions({ engine })
  const { url } = await (options.http2 ? serveHttp2 : serve)(async (req, res) => {
    options.before?.(res)
    mount(req, res, options.next?.(res))
    const session = await mount.load(req)
    session.set('views', 1)
    await handler(res, req)
  })
  const answer = await (options.http2 ? askHttp2 : ask)(url, { method: options.method })
  return { ...answer, calls: engine.calls }
}

/** Over HTTP/1, the pipeline fails, since the response has closed before all of the stream was sent. */
async function send(stream: Readable, res: ServerResponse): Promise<void> {
  await pipeline(stream, res).catch((error: Error) => expect(error.message).toBe('Premature close'))
}

/** A framework that answers errors, and records what it gets. */
const next =
  (told: unknown[]) =>
  (res: ServerResponse): Next =>
  (error) => {
    if (error === undefined) return
    told.push((error as { code: string }).code, res.headersSent, res.statusCode)
    res.statusCode = 599
    res.end('the answer of the framework')
  }

/** A wrapper that lets no response leave. */
function refuseHeads(res: ServerResponse): void {
  res.writeHead = () => {
    throw new Error('refused by a wrapper')
  }
}

function expectAnswer(answer: Received, method = 'GET'): void {
  expect(answer.status).toBe(503)
  expect(answer.body).toBe(method === 'HEAD' ? '' : '{"error":"SESSION_ENGINE"}')
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
  expect(answer.headers['content-length']).toBe('26')
  expect(answer.headers['set-cookie']).toBeUndefined()
}

describe('a failed commit, without a framework', () => {
  const responses: Readonly<Record<string, Handler>> = {
    end: (res) => res.end('text'),
    'a redirect': (res) => res.writeHead(303, { location: '/all' }).end(),
    'a status message': (res) => {
      res.statusMessage = 'Fine'
      res.end()
    },
    '204': (res) => res.writeHead(204).end(),
    '304': (res) => res.writeHead(304).end(),
    'a content length': (res) => {
      res.setHeader('content-length', 4)
      res.end('text')
    },
    'a content coding': (res) => {
      res.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '4' })
      res.end('text')
    },
    writes: async (res) => {
      for (const chunk of ['one', 'two', 'three']) if (!res.write(chunk)) await once(res, 'drain')
      res.end('four')
    },
    'flushed headers': (res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' })
      res.flushHeaders()
      res.end('data: 1\n\n')
    },
    'a stream': (res) => send(Readable.from(['one', 'two', 'three']), res),
    'a long stream': (res) =>
      send(Readable.from(Array.from({ length: 200 }, () => Buffer.alloc(64 * 1024))), res),
  }

  for (const [name, handler] of Object.entries(responses)) {
    for (const http2 of [false, true]) {
      if (http2 && name === 'a status message') continue
      it(`${name}, HTTP/${http2 ? 2 : 1}: the error is the whole response`, async () => {
        const answer = await failing(handler, { http2 })

        expectAnswer(answer)
        expect(answer.headers['location']).toBeUndefined()
        expect(answer.headers['content-encoding']).toBeUndefined()
        if (!http2) expect(answer.message).toBe('Service Unavailable')
        expect(answer.calls).toEqual(['create'])
      })
    }
  }

  it('HEAD: the error response has no body', async () => {
    expectAnswer(await failing((res) => res.end(), { method: 'HEAD' }), 'HEAD')
  })

  it.each([false, true])(
    'if a wrapper throws at the error response, the connection is closed, and nothing else, over HTTP/2: %j',
    async (http2) => {
      const answer = failing((res) => res.end('text'), { http2, before: refuseHeads })

      await expect(answer).rejects.toThrow(/hang up|reset|INTERNAL_ERROR/)
    },
  )

  it('a serialization error, which is synchronous, is answered in the same way', async () => {
    const mount = sessions({ engine: gatedEngine() })
    const { url } = await serve(async (req, res) => {
      mount(req, res)
      const session = await mount.load(req)
      session.set('views', 1n)
      res.end('text')
    })

    const answer = await ask(url)

    expect([answer.status, answer.body]).toEqual([500, '{"error":"SESSION_SERIALIZATION"}'])
  })

  it('the callbacks of write() and end() get the error', async () => {
    const told: unknown[] = []
    const code = (error: unknown): void => void told.push((error as { code?: string }).code)
    await failing((res) => {
      res.write('one', code)
      res.write('two', 'utf8', code)
      res.end('three', code as () => void)
    })

    expect(told).toEqual(['SESSION_ENGINE', 'SESSION_ENGINE', 'SESSION_ENGINE'])
  })

  it('later writes are discarded, with the error for their callbacks and a drain for the handler', async () => {
    const log: unknown[] = []
    const answer = await failing(async (res) => {
      res.write('one')
      await once(res, 'drain')
      log.push(res.headersSent)
      log.push(res.write('two', (error) => log.push((error as { code?: string }).code)))
      await once(res, 'drain')
      log.push(res.writeHead(200) === res, res.end('three') === res)
      res.flushHeaders()
    })

    expectAnswer(answer)
    expect(log).toEqual([true, false, 'SESSION_ENGINE', true, true])
  })
})

describe('a failed commit, under @fastify/middie, which takes next once', () => {
  it('is answered by the response itself, and the next request is served', async () => {
    const engine = gatedEngine()
    engine.fail('create')
    const mount = sessions({ engine })
    const app = fastify()
    await app.register(middie)
    app.use(mount)
    app.get('/', async ({ raw }) => {
      const session = await mount.load(raw)
      return { views: session.modify('views', (views: number = 0) => views + 1) }
    })
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    onTestFinished(() => app.close())

    expectAnswer(await ask(url))
    engine.fail()
    expect(await ask(url)).toMatchObject({ status: 200, body: '{"views":1}' })
  })

  it('aborts the response if next has sent something before it throws', async () => {
    const answer = failing((res) => res.end('text'), {
      next: (res) => (error) => {
        if (error === undefined) return
        res.flushHeaders()
        throw new Error('called before')
      },
    })

    await expect(answer).rejects.toThrow(/aborted/)
  })
})

describe('the headers of a failed commit', () => {
  it('those from before the mount are restored, those of the handler removed', async () => {
    const answer = await failing(
      (res) => {
        res.setHeader('cache-control', 'public, max-age=3600')
        res.appendHeader('set-cookie', 'theme=dark')
        res.setHeader('etag', '"1"')
        res.removeHeader('x-request-id')
        res.end('text')
      },
      {
        before: (res) => {
          res.setHeader('Cache-Control', 'no-store')
          res.setHeader('Set-Cookie', ['a=1', 'b=2'])
          res.setHeader('X-Request-Id', '42')
        },
      },
    )

    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'set-cookie': ['a=1', 'b=2'],
      'x-request-id': '42',
    })
    expect(answer.headers['etag']).toBeUndefined()
  })

  it('those that other origins need to read the response stay', async () => {
    const answer = await failing((res) => {
      res.setHeader('access-control-allow-origin', 'https://other.example')
      res.setHeader('vary', 'Origin')
      res.end('text')
    })

    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://other.example',
      vary: 'Origin, Cookie',
    })
  })
})

describe('a failed commit, with next', () => {
  it('a whole response: next gets the error, and its answer is sent', async () => {
    const told: unknown[] = []
    const answer = await failing((res) => res.writeHead(201, { etag: '"1"' }).end('text'), {
      next: next(told),
    })

    expect(told).toEqual(['SESSION_ENGINE', false, 200])
    expect([answer.status, answer.body]).toEqual([599, 'the answer of the framework'])
    expect(answer.headers['etag']).toBeUndefined()
    expect(answer.calls).toEqual(['create'])
  })

  it('a stream: the adapter answers, and next is not called', async () => {
    const told: unknown[] = []
    const answer = await failing((res) => send(Readable.from(['one', 'two']), res), {
      next: next(told),
    })

    expectAnswer(answer)
    expect(told).toEqual([])
  })

  it('a response ended through an outer wrapper: the adapter answers, and next is not called', async () => {
    const told: unknown[] = []
    const answer = await failing(
      (res) => {
        const { end } = res
        let ended = false
        res.end = ((...args: unknown[]) => {
          if (ended) return res
          ended = true
          return Reflect.apply(end, res, args)
        }) as typeof res.end
        res.end('text')
      },
      { next: next(told) },
    )

    expectAnswer(answer)
    expect(told).toEqual([])
  })

  it('connect answers with the status of the error, or hands it to its error middleware', async () => {
    for (const handles of [false, true]) {
      const engine = gatedEngine()
      engine.fail('create')
      const mount = sessions({ engine })
      const app = connect().use(mount)
      app.use((req, res) => {
        void mount.load(req).then((session) => {
          session.set('views', 1)
          res.end('text')
        })
      })
      if (handles) {
        app.use(((error: Error, _req: IncomingMessage, res: ServerResponse, _next: Next) => {
          res.statusCode = 418
          res.end(error.name)
        }) as connect.ErrorHandleFunction)
      }
      const { url } = await serve(app)

      const answer = await ask(url)

      expect(answer.status).toBe(handles ? 418 : 503)
      expect(answer.body).toContain('SessionEngineError')
    }
  })

  it('a failed load of an eager mount: next gets the error, once', async () => {
    const engine = gatedEngine()
    engine.fail('load')
    const mount = sessions({ engine }, { eager: true })
    const told: unknown[] = []
    const { url } = await serve((req, res) => {
      mount(req, res, (error) => {
        told.push(error)
        answerError(res, error)
      })
    })

    const answer = await ask(url, { headers: { cookie: `sessionid=${'a'.repeat(32)}` } })

    expect([answer.status, answer.body]).toEqual([503, '{"error":"SESSION_ENGINE"}'])
    expect(told).toHaveLength(1)
  })
})

describe('answerError', () => {
  it('answers errors from elsewhere with their status, and reveals nothing else', async () => {
    for (const [thrown, status] of [
      [Object.assign(new Error('secret'), { status: 404, code: 'ENOENT' }), 404],
      [Object.assign(new Error('secret'), { status: 200 }), 500],
      ['secret', 500],
      [undefined, 500],
    ] as const) {
      const { url } = await serve((_req, res) => answerError(res, thrown))

      const answer = await ask(url)

      expect([answer.status, answer.body]).toEqual([status, '{"error":"INTERNAL_SERVER_ERROR"}'])
    }
  })

  it('closes the connection if the headers have been sent', async () => {
    const { url } = await serve((_req, res) => {
      res.write('half')
      answerError(res, new Error('late'))
    })

    await expect(ask(url)).rejects.toThrow(/aborted|hang up/)
  })

  it('removes the headers that the handler has set, and commits nothing', async () => {
    const engine = gatedEngine()
    const mount = sessions({ engine })
    const { url } = await serve(async (req, res) => {
      mount(req, res)
      ;(await mount.load(req)).set('views', 1)
      res.setHeader('etag', '"1"')
      answerError(res, new Error('thrown'))
    })

    const answer = await ask(url)

    expect(answer.status).toBe(500)
    expect(answer.headers['etag']).toBeUndefined()
    expect(engine.calls).toEqual([])
  })
})

describe('a stream that is piped into a response whose commit fails', () => {
  it.each([false, true])('is closed, over HTTP/2: %j', async (http2) => {
    const source = textWithoutEnd()
    const closed = once(source, 'close')

    expectAnswer(await failing((res) => source.pipe(res), { http2 }))

    await closed
  })

  it('stays open if something else reads it', async () => {
    const source = new PassThrough()
    const other = new PassThrough()
    source.pipe(other)

    expectAnswer(await failing((res) => source.pipe(res).write('one')))

    source.write('two')
    expect(String(await once(other, 'data'))).toBe('two')
  })
})

function textWithoutEnd(): Readable {
  return new Readable({
    read() {
      this.push('some text')
    },
  })
}
