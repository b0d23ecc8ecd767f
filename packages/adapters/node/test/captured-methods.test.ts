import { sessions, type SessionRequest } from '@sessions/node'
import { once } from 'node:events'
import { ServerResponse, type OutgoingMessage } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ask, askHttp2, type Received } from './support/client.ts'
import { cookieOf } from './support/exchange.ts'
import { gatedEngine, type GatedEngine } from './support/gated-engine.ts'
import { serve, serveHttp2 } from './support/servers.ts'

type Answer = (own: Own, res: ServerResponse, req: SessionRequest) => unknown

/** The methods of a response, captured before its session is opened. */
interface Own {
  readonly writeHead: ServerResponse['writeHead']
  readonly write: ServerResponse['write']
  readonly end: ServerResponse['end']
  readonly flushHeaders: ServerResponse['flushHeaders']
}

/** Asks a server that captures the methods of its response, then opens and changes the session, then answers. */
async function answered(
  answer: Answer,
  options: {
    start?: typeof serve
    engine?: GatedEngine
    method?: string
    before?: (res: ServerResponse) => void
    change?: boolean
  } = {},
): Promise<Received & { views: () => Promise<string>; told: readonly unknown[] }> {
  const { start = serve, engine = gatedEngine(), method, before, change = true } = options
  const mount = sessions({ engine })
  const told: unknown[] = []
  const { url } = await start(async (req, res) => {
    mount(req, res)
    before?.(res)
    const own: Own = {
      writeHead: res.writeHead.bind(res),
      write: res.write.bind(res),
      end: res.end.bind(res),
      flushHeaders: res.flushHeaders.bind(res),
    }
    const session = await mount.load(req)
    if (req.url === '/views') {
      res.end(String(session.get('views', 0)))
      return
    }
    if (change) session.set('views', 1)
    else session.get('views')
    try {
      await answer(own, res, req as SessionRequest)
    } catch (error) {
      told.push(error)
      res.statusCode = 500
      res.end('thrown')
    }
  })
  const askOver = start === serve ? ask : askHttp2
  const received = await askOver(url, { method })
  const cookie = cookieOf(received.headers)
  return {
    ...received,
    told,
    views: async () => (await askOver(`${url}/views`, { headers: { cookie } })).body,
  }
}

describe('response methods that were captured before the session was opened', () => {
  const answers: Readonly<Record<string, readonly [Answer, body: string]>> = {
    end: [({ end }) => end('text'), 'text'],
    'an empty end': [({ end }) => end(), ''],
    'end with a buffer': [({ end }) => end(Buffer.from('text')), 'text'],
    'end with an encoding and a callback': [
      ({ end }) =>
        new Promise<void>((resolve) => {
          end('74657874', 'hex', resolve)
        }),
      'text',
    ],
    "the prototype's end": [
      (_own, res) => ServerResponse.prototype.end.call(res, 'text', 'utf8'),
      'text',
    ],
    'write and end': [
      ({ write, end }) => {
        write('te')
        write('xt')
        end()
      },
      'text',
    ],
    'an empty write': [
      ({ write, end }) => {
        write('')
        write('', 'latin1')
        write('text')
        end()
      },
      'text',
    ],
    'write, then end on the response': [
      ({ write }, res) => {
        write('te')
        res.end('xt')
      },
      'text',
    ],
    'write on the response, then end': [
      ({ end }, res) => {
        res.write('te')
        end('xt')
      },
      'text',
    ],
    'writeHead on the response, then end': [
      ({ end }, res) => {
        res.writeHead(200, { 'x-head': '1' })
        end('text')
      },
      'text',
    ],
    'flushHeaders, then end': [
      ({ flushHeaders, end }) => {
        flushHeaders()
        end('text')
      },
      'text',
    ],
  }

  for (const [name, [answer, body]] of Object.entries(answers)) {
    for (const held of [false, true]) {
      it(`${name}, ${held ? 'HEAD' : 'GET'}: the response waits for the commit and carries the cookie`, async () => {
        const received = await answered(answer, { method: held ? 'HEAD' : 'GET' })

        expect(received.told).toEqual([])
        expect([received.status, received.body]).toEqual([200, held ? '' : body])
        expect(received.headers['set-cookie']).toHaveLength(1)
        expect(await received.views()).toBe('1')
      })
    }
  }

  for (const [name, [answer, body]] of Object.entries(answers)) {
    it(`${name}, with nothing to store: the response arrives as written`, async () => {
      const received = await answered(answer, { change: false })

      expect(received.told).toEqual([])
      expect([received.status, received.body]).toEqual([200, body])
      expect(received.headers).toMatchObject({ vary: 'Cookie' })
    })
  }

  it('if the session cannot be stored, the error is the whole response', async () => {
    for (const answer of [
      (({ end }) => end('text')) satisfies Answer,
      (({ write, end }) => {
        write('te')
        end('xt')
      }) satisfies Answer,
    ]) {
      const engine = gatedEngine()
      engine.fail('create')

      const received = await answered(answer, { engine })

      expect([received.status, received.body]).toEqual([503, '{"error":"SESSION_ENGINE"}'])
      expect(received.headers['set-cookie']).toBeUndefined()
      expect(engine.calls).toEqual(['create'])
    }
  })

  it('captured from a wrapper: the body is transformed once, and the response is complete', async () => {
    const received = await answered(({ end }) => end('text'), { before: shout })

    expect([received.status, received.body]).toEqual([200, 'TEXT'])
    expect(received.headers['set-cookie']).toHaveLength(1)
    expect(await received.views()).toBe('1')
  })

  it('write, then a stream that is piped after the drain: the response is complete', async () => {
    const received = await answered(async ({ write }, res) => {
      expect(write('te')).toBe(false)
      await once(res, 'drain')
      expect(res.writableNeedDrain).toBe(false)
      Readable.from(['xt']).pipe(res)
    })

    expect([received.told, received.status, received.body]).toEqual([[], 200, 'text'])
    expect(await received.views()).toBe('1')
  })

  it('writeHead: its headers leave without a cookie, so a new session closes the connection', async () => {
    await expect(
      answered(({ writeHead }, res) => {
        writeHead(200, { 'x-head': '1' })
        res.end('text')
      }),
    ).rejects.toThrow(/hang up|reset/)
  })

  it('writeHead: a session that the client already has is still stored', async () => {
    const engine = gatedEngine()
    const mount = sessions({ engine })
    const { url } = await serve(async (req, res) => {
      mount(req, res)
      const writeHead = res.writeHead.bind(res)
      const session = await mount.load(req)
      session.set('views', session.get('views', 0) + 1)
      if (req.url === '/captured') writeHead(200, { 'x-head': '1' })
      res.end(String(session.get('views')))
    })
    const cookie = cookieOf((await ask(url)).headers)

    const received = await ask(`${url}/captured`, { headers: { cookie } })

    expect([received.body, received.headers['x-head']]).toEqual(['2', '1'])
    expect(received.headers['set-cookie']).toBeUndefined()
    expect((await ask(url, { headers: { cookie } })).body).toBe('3')
  })
})

describe('res.stream.respond() of HTTP/2', () => {
  it('still stores a session that the client already has', async () => {
    const engine = gatedEngine()
    const mount = sessions({ engine })
    const { url } = await serveHttp2(async (req, res) => {
      mount(req, res)
      const session = await mount.load(req)
      session.set('views', session.get('views', 0) + 1)
      const { stream } = res as unknown as Http2ServerResponse
      if (req.url !== '/') stream.respond({ ':status': 200 })
      if (req.url === '/stream') stream.end(String(session.get('views')))
      else res.end(String(session.get('views')))
    })
    const cookie = cookieOf((await askHttp2(url)).headers)

    for (const [path, views] of [
      ['/stream', '2'],
      ['/response', '3'],
    ] as const) {
      const received = await askHttp2(url + path, { headers: { cookie } })

      expect([received.status, received.body]).toEqual([200, views])
    }
    expect((await askHttp2(url, { headers: { cookie } })).body).toBe('4')
  })
})

/** Wraps a response, as middleware does, to change its body. */
function shout(res: OutgoingMessage): void {
  const { end } = res
  res.end = function (this: OutgoingMessage, ...args: unknown[]) {
    return Reflect.apply(end, this, [String(args[0]).toUpperCase(), ...args.slice(1)])
  } as OutgoingMessage['end']
}
