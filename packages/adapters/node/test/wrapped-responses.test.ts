import type { SessionEngine } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { sessions } from '@sessions/node'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ask, askHttp2, type Received } from './support/client.ts'
import { gatedEngine } from './support/gated-engine.ts'
import { keepHeaders, type Kept } from './support/header-cache.ts'
import { serve, serveHttp2 } from './support/servers.ts'

type Answer = (res: ServerResponse) => void

/** Ways to send `text` with the header `x-own`. */
const answers: Readonly<Record<string, Answer>> = {
  end: (res) => {
    res.setHeader('x-own', '1')
    res.end('text')
  },
  'write and end': (res) => {
    res.setHeader('x-own', '1')
    res.write('te')
    res.end('xt')
  },
  'writeHead with an object': (res) => void res.writeHead(200, { 'x-own': '1' }).end('text'),
  'writeHead with a list': (res) => void res.writeHead(200, ['x-own', '1']).end('text'),
  'writeHead without headers': (res) => {
    res.setHeader('x-own', '1')
    res.writeHead(200).end('text')
  },
  'writeHead with a cookie of its own': (res) =>
    void res.writeHead(200, { 'x-own': '1', 'set-cookie': 'own=1' }).end('text'),
  flushHeaders: (res) => {
    res.setHeader('x-own', '1')
    res.flushHeaders()
    res.end('text')
  },
  'a pipe': (res) => {
    res.setHeader('x-own', '1')
    Readable.from(['te', 'xt']).pipe(res)
  },
}

const engines: Readonly<Record<string, () => SessionEngine>> = {
  'a synchronous store': memoryEngine,
  'an asynchronous store': gatedEngine,
}

/** The engine, and what wraps the response when. */
interface Handling {
  readonly engine?: SessionEngine
  readonly before?: (res: ServerResponse) => void
  readonly between?: (res: ServerResponse) => void
  readonly after?: (res: ServerResponse) => void
}

interface Protocol {
  readonly start: typeof serve
  readonly ask: typeof ask
}

const protocols: Readonly<Record<string, Protocol>> = {
  'HTTP/1': { start: serve, ask },
  'HTTP/2': { start: serveHttp2, ask: askHttp2 },
}

/** Asks for a response whose session is changed, and runs hooks before the mount, between it and the first access, and after. */
async function answered(
  protocol: Protocol,
  answer: Answer,
  { engine = gatedEngine(), before, between, after }: Handling,
): Promise<Received> {
  const mount = sessions({ engine })
  const { url } = await protocol.start(async (req, res) => {
    before?.(res)
    mount(req, res)
    between?.(res)
    const session = await mount.load(req)
    after?.(res)
    session.set('views', 1)
    answer(res)
  })
  return protocol.ask(url)
}

/** The names of the cookies that a response sets. */
function cookieNames(headers: IncomingHttpHeaders): string[] {
  return (headers['set-cookie'] ?? []).map((line) => line.split('=')[0] ?? '').toSorted()
}

for (const [name, protocol] of Object.entries(protocols)) {
  describe(`a response of ${name} that was wrapped after the mount`, () => {
    for (const [engineName, createEngine] of Object.entries(engines)) {
      for (const [answerName, answer] of Object.entries(answers)) {
        it(`${answerName}, ${engineName}: the client gets the cookie, the wrappers do not see it`, async () => {
          for (const where of ['between', 'after'] as const) {
            const kept: Kept[] = []

            const { status, headers, body } = await answered(protocol, answer, {
              engine: createEngine(),
              [where]: (res: ServerResponse) => kept.push(keepHeaders(res)),
            })

            const own = answerName.includes('cookie of its own') ? ['own'] : []
            expect([status, body, headers['x-own']]).toEqual([200, 'text', '1'])
            expect(cookieNames(headers)).toEqual([...own, 'sessionid'])
            expect(headers).toMatchObject({
              vary: 'Cookie',
              'cache-control': 'no-cache="Set-Cookie"',
            })
            expect(JSON.stringify(kept[0]?.headers)).not.toMatch(/sessionid|no-cache/)
          }
        })
      }
    }

    it('wrappers before the mount see the cookie, and can change it', async () => {
      for (const answer of Object.values(answers)) {
        const kept: Kept[] = []

        const { headers } = await answered(protocol, answer, {
          before: (res) => {
            kept.push(keepHeaders(res))
            onHead(res, () => res.setHeader('x-lines', String(res.getHeader('set-cookie'))))
          },
          between: (res) => kept.push(keepHeaders(res)),
        })

        expect(headers['x-lines']).toContain('sessionid=')
        expect(JSON.stringify(kept[0]?.headers)).toContain('sessionid=')
        expect(JSON.stringify(kept[1]?.headers)).not.toContain('sessionid=')
        expect(cookieNames(headers)).toContain('sessionid')
      }
    })

    it('headers that a wrapper passes to writeHead are sent, too', async () => {
      const { headers, message } = await answered(protocol, (res) => void res.end('text'), {
        before: (res) => onHead(res, () => {}),
        between: (res) => {
          const { writeHead } = res
          res.writeHead = (status: number) =>
            Reflect.apply(writeHead, res, [status, { 'set-cookie': ['own=1'], 'x-wrapper': '1' }])
        },
      })

      expect(cookieNames(headers)).toEqual(['own', 'sessionid'])
      expect(headers['x-wrapper']).toBe('1')
      expect(message).toBe(name === 'HTTP/1' ? 'OK' : undefined)
    })

    it('if the session cannot be stored, the error response has no cookie', async () => {
      for (const answer of Object.values(answers)) {
        const engine = gatedEngine()
        engine.fail('create')

        const { status, headers, body } = await answered(protocol, answer, {
          engine,
          before: (res) => onHead(res, () => {}),
          between: keepHeaders,
        })

        expect([status, body]).toEqual([503, '{"error":"SESSION_ENGINE"}'])
        expect(headers['set-cookie']).toBeUndefined()
      }
    })
  })
}

describe('a response that was wrapped after the mount', () => {
  it('carries the cookie if a captured method ends it', async () => {
    for (const before of [undefined, (res: ServerResponse): void => onHead(res, () => {})]) {
      let end: ServerResponse['end'] | undefined

      const { headers, body } = await answered(ANY, () => end?.('text'), {
        ...(before && { before }),
        between: (res) => {
          end = res.end.bind(res)
          keepHeaders(res)
        },
      })

      expect([cookieNames(headers), body]).toEqual([['sessionid'], 'text'])
    }
  })

  it('carries the cookie if the wrapper sends later', async () => {
    const { headers, body } = await answered(ANY, (res) => void res.end('text'), {
      between: (res) => {
        const { end } = res
        res.end = ((...args: unknown[]) => {
          setImmediate(() => Reflect.apply(end, res, args))
          return res
        }) as typeof end
      },
    })

    expect([cookieNames(headers), body]).toEqual([['sessionid'], 'text'])
  })

  it('carries both cookies if it has two sessions', async () => {
    const shop = sessions({ engine: gatedEngine(), cookie: { name: 'shop' } })
    const admin = sessions({ engine: memoryEngine(), cookie: { name: 'admin' } })
    const kept: Kept[] = []
    const { url } = await serve(async (req, res) => {
      shop(req, res)
      admin(req, res)
      kept.push(keepHeaders(res))
      ;(await shop.load(req)).set('in', 'shop')
      ;(await admin.load(req)).set('in', 'admin')
      res.end('text')
    })

    const { headers } = await ask(url)

    expect(cookieNames(headers)).toEqual(['admin', 'shop'])
    expect(kept[0]?.headers).not.toHaveProperty('set-cookie')
  })
})

const ANY: Protocol = { start: serve, ask }

/** What on-headers does. */
function onHead(res: ServerResponse, listener: () => void): void {
  const { writeHead } = res
  res.writeHead = ((...args: unknown[]) => {
    listener()
    return Reflect.apply(writeHead, res, args)
  }) as typeof writeHead
}
