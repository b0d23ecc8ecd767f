import { sessions, type SessionRequest } from '@sessions/node'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ask, askHttp2, type Asked, type Received } from './support/client.ts'
import { gatedEngine } from './support/gated-engine.ts'
import { serve, serveHttp2 } from './support/servers.ts'

/** Records what a call returns or throws. */
type Note = (name: string, call: () => unknown) => void

/** What an application does with its response, and which results are recorded. */
type Script = (
  res: ServerResponse,
  note: Note,
  log: (line: string) => void,
) => void | Promise<unknown>

interface Observed {
  readonly log: readonly string[]
  readonly received: Partial<Received>
}

const both: Readonly<Record<string, Script>> = {
  'end(text)': (res, note) => note('end', () => res.end('text')),
  'end() without a body': (res, note) => note('end', () => res.end()),
  'end(callback)': (res, note, log) => note('end', () => res.end(() => log('ended'))),
  'end(text, callback)': (res, note, log) => note('end', () => res.end('text', () => log('ended'))),
  'end(text, encoding, callback)': (res, note, log) =>
    note('end', () => res.end('dGV4dA==', 'base64', () => log('ended'))),
  'end(bytes)': (res, note) => note('end', () => res.end(Buffer.from('bytes'))),
  'writes and an end': (res, note, log) => {
    res.write('one,')
    res.write('dHdvLA==', 'base64', () => log('two is written'))
    res.write(Buffer.from('three,'), () => log('three is written'))
    note('end', () => res.end('four', () => log('ended')))
  },
  'writeHead(status)': (res, note) => {
    note('writeHead', () => res.writeHead(201))
    note('end', () => res.end('made'))
  },
  'writeHead(status, headers).end()': (res, note) =>
    note('chain', () =>
      res.writeHead(201, { 'X-A': '1', 'set-cookie': ['a=1', 'b=2'] }).end('made'),
    ),
  'writeHead over headers that were set': (res, note) => {
    res.setHeader('X-A', 'before')
    res.setHeader('X-B', 'before')
    note('chain', () => res.writeHead(200, { 'x-a': 'after' }).end())
  },
  'writeHead(status, array of names and values)': (res, note) =>
    note('chain', () => res.writeHead(200, ['x-a', '1', 'set-cookie', ['a=1', 'b=2']]).end()),
  'writeHead and writes': (res, note) => {
    note('writeHead', () => res.writeHead(200, { 'content-type': 'text/plain' }))
    res.write('one')
    note('end', () => res.end('two'))
  },
  'writeHead twice': (res, note) => {
    res.writeHead(200)
    note('writeHead', () => void res.writeHead(201))
    res.end()
  },
  'writeHead with an invalid header': (res, note) => {
    note('writeHead', () => void res.writeHead(200, { 'x-a': 'new\nline' }))
    res.end()
  },
  'flushHeaders, then a body': (res, note) => {
    res.setHeader('content-type', 'text/plain')
    note('flushHeaders', () => res.flushHeaders())
    note('end', () => res.end('text'))
  },
  'a stream that is piped': (res, _note, log) => {
    Readable.from(['one', 'two', 'three']).pipe(res)
    res.on('finish', () => log('finished'))
  },
  'a pipeline': async (res, _note, log) => {
    await pipeline(Readable.from(['one', 'two', 'three']), res)
    log('pipeline is done')
  },
  trailers: (res, note) => {
    res.setHeader('Trailer', 'x-checksum')
    res.write('text')
    res.addTrailers({ 'x-checksum': '42' })
    note('end', () => res.end())
  },
  'corked writes': (res, note) => {
    res.cork()
    res.write('one')
    res.write('two')
    res.uncork()
    note('end', () => res.end())
  },
  '204': (res, note) => note('chain', () => res.writeHead(204).end()),
  '304': (res, note) => note('chain', () => res.writeHead(304, { etag: '"1"' }).end()),
  'headersSent and writableEnded': (res, note) => {
    note('headersSent', () => res.headersSent)
    note('writableEnded', () => res.writableEnded)
    res.write('text')
    note('headersSent, written', () => res.headersSent)
    res.end()
    note('headersSent, ended', () => res.headersSent)
    note('writableEnded, ended', () => res.writableEnded)
  },
  'a number among the values of a header': (res, note) => {
    res.setHeader('Cache-Control', ['no-store', 5] as unknown as string[])
    note('end', () => res.end('text'))
  },
  'a status set after the end': (res, note) => {
    res.end('text')
    res.statusCode = 404
    note('status', () => res.statusCode)
  },
  'a status set after writeHead': (res) => {
    res.writeHead(201)
    res.statusCode = 500
    res.end('text')
  },
  'setHeader after writeHead': (res, note) => {
    res.writeHead(200)
    note('setHeader', () => res.setHeader('x-a', '1'))
    note('appendHeader', () => res.appendHeader('x-a', '1'))
    note('removeHeader', () => res.removeHeader('x-a'))
    res.end()
  },
  'setHeader after the end': (res, note) => {
    res.end('text')
    note('setHeader', () => res.setHeader('x-a', '1'))
    note('writeHead', () => void res.writeHead(200))
  },
  'a second end': (res, _note, log) => {
    res.end('text')
    res.end(() => log('ended again'))
  },
}

const http1Only: Readonly<Record<string, Script>> = {
  'writeHead with an invalid header, then another response': (res, note) => {
    const headers = { 'content-length': '100', 'content-encoding': 'gzip', 'x-a': 'new\nline' }
    note('writeHead', () => void res.writeHead(200, headers))
    note('writeHead, array', () => void res.writeHead(200, Object.entries(headers).flat()))
    note('headers', () => res.getHeaderNames().join())
    res.statusMessage = 'Bad Gateway'
    res.statusCode = 502
    note('end', () => res.end('bad gateway'))
  },
  'writeHead(status, message, headers)': (res, note) =>
    note('chain', () => res.writeHead(201, 'Made', { 'x-a': '1' }).end()),
  'a custom status message': (res, note) => {
    res.statusMessage = 'Fine'
    note('end', () => res.end())
  },
  'invalid chunks': (res, note) => {
    note('write null', () => res.write(null))
    note('write number', () => res.write(5))
    note('end object', () => res.end({}))
    note('write wide numbers', () => res.write(new Uint16Array(2)))
    note('end wide numbers', () => res.end(new Float64Array(2)))
    res.end()
  },
  'writeHead with an invalid status': (res, note) => {
    note('writeHead', () => void res.writeHead(12))
    res.end()
  },
  'writeHead with an invalid message': (res, note) => {
    note('writeHead', () => void res.writeHead(200, 'new\nline', { 'x-a': '1' }))
    res.statusMessage = 'Fine'
    res.end()
  },
  'an invalid status set on the response, then a valid one': (res, note) => {
    res.statusCode = 'ECONNREFUSED' as unknown as number
    note('end', () => res.end('text'))
    note('write', () => res.write('text'))
    note('flushHeaders', () => res.flushHeaders())
    note('headersSent', () => res.headersSent)
    res.statusCode = 404
    note('end, valid', () => res.end('not found'))
  },
  'an invalid message set on the response, then a valid one': (res, note) => {
    res.statusMessage = 'new\nline'
    note('end', () => res.end('text'))
    note('writeHead', () => void res.writeHead(404))
    note('headersSent', () => res.headersSent)
    res.statusMessage = 'Fine'
    note('end, valid', () => res.end('fine'))
  },
  'a status in a string': (res, note) => {
    res.statusCode = '404' as unknown as number
    note('end', () => res.end('not found'))
  },
  'status messages set after writeHead and after the end': (res) => {
    res.writeHead(201, 'Made')
    res.statusMessage = 'Changed'
    res.end('text')
    res.statusMessage = 'Changed again'
  },
  'a status message set after the end': (res) => {
    res.end('text')
    res.statusMessage = 'Changed'
  },
  'writeHead with an odd array': (res, note) => {
    res.setHeader('x-a', '1')
    note('writeHead', () => void res.writeHead(200, ['x-b']))
    res.end()
  },
  'a write after the end': (res, _note, log) => {
    res.on('error', (error: NodeJS.ErrnoException) => log(`error: ${error.code}`))
    res.end('text')
    res.write('more', (error) =>
      log(`told: ${(error as NodeJS.ErrnoException | undefined)?.code ?? 'nothing'}`),
    )
  },
  'informational responses': (res, note) => {
    note('writeContinue', () => res.writeContinue())
    note('writeProcessing', () => res.writeProcessing())
    note('writeEarlyHints', () => res.writeEarlyHints({ link: '</a.css>; rel=preload' }))
    note('headersSent', () => res.headersSent)
    res.end('text')
  },
}

/** A session that is not committed, one whose commit is synchronous, and one whose commit is not. */
const waits: Readonly<Record<string, (req: SessionRequest) => Promise<void>>> = {
  'an untouched session': async () => {},
  'a session that was read': async (req) => void (await req.session.load()).get('views'),
  'a session that is stored': async (req) => void (await req.session.load()).set('views', 1),
}

/** Plays a script, bare or with a session. The commit is held until the synchronous part of the script is done. */
async function play(
  script: Script,
  how: { http2: boolean; asked: Asked; use?: ((req: SessionRequest) => Promise<void>) | undefined },
): Promise<Observed> {
  const engine = gatedEngine()
  const mount = sessions({ engine })
  const log: string[] = []
  const app = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (how.use !== undefined) {
      mount(req, res)
      await how.use(req as SessionRequest)
    }
    const note: Note = (name, call) => log.push(`${name}: ${outcome(call, res)}`)
    engine.hold()
    const playing = script(res, note, (line) => log.push(line))
    // Not before the streams of the script have started to flow.
    setImmediate(() => engine.open())
    await playing
  }
  const { url } = await (how.http2 ? serveHttp2 : serve)(app)
  const received = await (how.http2 ? askHttp2 : ask)(url, how.asked)
  return { log, received: withoutOurs(received) }
}

function outcome(call: () => unknown, res: ServerResponse): string {
  try {
    const answer = call()
    return answer === res ? 'the response' : String(answer)
  } catch (error) {
    return `throws ${(error as NodeJS.ErrnoException).code}`
  }
}

/** What came back, without what a session adds. */
function withoutOurs(received: Received): Partial<Received> {
  const { date: _d, vary: _v, 'cache-control': _c, ...headers } = received.headers
  const cookies = (headers['set-cookie'] ?? []).filter((line) => !line.startsWith('sessionid='))
  const { 'set-cookie': _s, ...others } = headers
  return {
    ...received,
    headers: cookies.length > 0 ? { ...others, 'set-cookie': cookies } : others,
  }
}

function contract(
  protocol: string,
  http2: boolean,
  scripts: Readonly<Record<string, Script>>,
): void {
  describe(`a response of ${protocol} behaves as it does without sessions`, () => {
    for (const [name, script] of Object.entries(scripts)) {
      for (const [session, use] of Object.entries(waits)) {
        it(`${name}, with ${session}`, async () => {
          const asked = {
            headers: name.startsWith('informational') ? { expect: '100-continue' } : {},
          }

          const bare = await play(script, { http2, asked })
          const ours = await play(script, { http2, asked, use })

          expect(ours).toEqual(bare)
        })
      }

      // Node throws when trailers are added to a response without a body.
      if (name === 'trailers') continue
      it(`${name}, to HEAD, with a session that is stored`, async () => {
        const asked = { method: 'HEAD' }
        const use = waits['a session that is stored']

        expect(await play(script, { http2, asked, use })).toEqual(
          await play(script, { http2, asked }),
        )
      })
    }
  })
}

contract('HTTP/1', false, { ...both, ...http1Only })
contract('HTTP/2', true, both)
