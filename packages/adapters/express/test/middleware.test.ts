import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import compression from 'compression'
import cookieParser from 'cookie-parser'
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'
import morgan from 'morgan'
import multer from 'multer'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import onHeaders from 'on-headers'
import { describe, expect, it } from 'vitest'
import { expresses } from './support/expresses.ts'
import { gatedEngine } from '../../node/test/support/gated-engine.ts'
import { serve } from '../../node/test/support/servers.ts'

const TEXT = 'a text that is worth compressing; '.repeat(4000)

const answerErrors: ErrorRequestHandler = (error, _req, res, _next) => {
  res.status(error.status).json({ error: error.code })
}

/** Where a middleware is mounted: before the sessions, after them, or after something that has accessed the session. */
const places: Readonly<
  Record<string, (app: Express, mount: RequestHandler, middleware: RequestHandler) => void>
> = {
  'before the sessions': (app, mount, middleware) => void app.use(middleware, mount),
  'after the sessions': (app, mount, middleware) => void app.use(mount, middleware),
  'after an access to the session': (app, mount, middleware) =>
    void app.use(
      mount,
      (req, _res, next) => {
        req.session.load().then(() => next(), next)
      },
      middleware,
    ),
}

/** Runs a test with every version of Express and in every place. */
function everywhere(
  name: string,
  test: (how: {
    express: () => Express
    place: (app: Express, mount: RequestHandler, middleware: RequestHandler) => void
  }) => Promise<void>,
): void {
  for (const [version, express] of Object.entries(expresses)) {
    for (const [where, place] of Object.entries(places)) {
      it(`${version}, ${where}: ${name}`, () => test({ express, place }))
    }
  }
}

/** A handler that changes the session before it answers. */
function changing(answer: (req: Request, res: Response) => void): RequestHandler {
  return (req, res, next) => {
    req.session.load().then((session) => {
      session.set('views', session.get('views', 0) + 1)
      answer(req, res)
    }, next)
  }
}

const sessionCookie = expect.stringMatching(/^sessionid=[a-z0-9]{32};/)

describe('compression', () => {
  const answers: Readonly<Record<string, (req: Request, res: Response) => void>> = {
    'a whole response': (_req, res) => void res.type('text').send(TEXT),
    writes: (_req, res) => {
      res.type('text')
      for (let at = 0; at < TEXT.length; at += 1000) res.write(TEXT.slice(at, at + 1000))
      res.end()
    },
    'headers ahead of the writes': (_req, res) => {
      res.type('text').flushHeaders()
      for (let at = 0; at < TEXT.length; at += 1000) res.write(TEXT.slice(at, at + 1000))
      res.end()
    },
    'headers ahead of the end': (_req, res) => {
      res.type('text').flushHeaders()
      res.end(TEXT)
    },
    'a pipe': (_req, res) => {
      res.type('text')
      Readable.from(TEXT.match(/.{1,5000}/g) ?? []).pipe(res)
    },
    'a slow reader of drain': (_req, res) => {
      res.type('text')
      let at = 0
      const more = (): void => {
        if (at >= TEXT.length) return void res.end()
        if (res.write(TEXT.slice(at, (at += 5000)))) setImmediate(more)
        else res.once('drain', more)
      }
      more()
    },
  }

  for (const [answerName, answer] of Object.entries(answers)) {
    everywhere(`${answerName}, compressed and with the cookie`, async ({ express, place }) => {
      const app = express()
      place(app, sessions({ engine: gatedEngine() }), compression())
      app.get('/', changing(answer))
      const { url } = await serve(app)

      const response = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })

      expect(response.headers.get('content-encoding')).toBe('gzip')
      expect(response.headers.getSetCookie()).toEqual([sessionCookie])
      expect(response.headers.get('vary')?.split(', ').toSorted()).toEqual([
        'Accept-Encoding',
        'Cookie',
      ])
      expect(await response.text()).toBe(TEXT)
    })

    everywhere(
      `${answerName}, whose commit fails: the error is answered`,
      async ({ express, place }) => {
        const engine = gatedEngine()
        engine.fail('create')
        const app = express()
        place(app, sessions({ engine }), compression())
        app.get('/', changing(answer))
        app.use(answerErrors)
        const { url } = await serve(app)

        const response = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })

        expect(response.status).toBe(503)
        expect(response.headers.get('content-encoding')).toBeNull()
        expect(response.headers.getSetCookie()).toEqual([])
        expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
        expect(engine.calls).toEqual(['create'])
      },
    )
  }

  everywhere('a stream whose commit fails is answered, compressed or not', async (how) => {
    const { express, place } = how
    const engine = gatedEngine()
    engine.fail('create')
    const app = express()
    place(app, sessions({ engine }), compression({ threshold: 0 }))
    app.get(
      '/',
      changing((_req, res) => {
        res.write('one')
        setImmediate(() => res.end('two'))
      }),
    )
    const { url } = await serve(app)

    const response = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })

    expect(response.status).toBe(503)
    expect(response.headers.getSetCookie()).toEqual([])
    expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
  })

  for (const status of [204, 304]) {
    everywhere(
      `a ${status} whose commit fails: the error is answered`,
      async ({ express, place }) => {
        const engine = gatedEngine()
        engine.fail('create')
        const app = express()
        place(app, sessions({ engine }), compression())
        app.get(
          '/',
          changing((_req, res) => void res.writeHead(status).end()),
        )
        app.use(answerErrors)
        const { url } = await serve(app)

        const response = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })

        expect(response.status).toBe(503)
        expect(response.headers.getSetCookie()).toEqual([])
        expect(await response.json()).toEqual({ error: 'SESSION_ENGINE' })
      },
    )
  }

  everywhere('a long error page is compressed, too', async ({ express, place }) => {
    const app = express()
    place(app, sessions({ engine: memoryEngine() }), compression())
    app.get(
      '/',
      changing((_req, res) => void res.status(404).type('text').send(TEXT)),
    )
    const { url } = await serve(app)

    const { headers } = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })

    expect(headers.get('content-encoding')).toBe('gzip')
    expect(headers.getSetCookie()).toEqual([sessionCookie])
  })
})

describe('other middleware', () => {
  everywhere('cookie-parser reads the cookies, ours among them', async ({ express, place }) => {
    const app = express()
    place(app, sessions({ engine: memoryEngine() }), cookieParser())
    app.get(
      '/',
      changing((req, res) => {
        res.cookie('theme', 'dark')
        res.json(req.cookies)
      }),
    )
    const { url } = await serve(app)

    const first = await fetch(url, { headers: { cookie: 'a=1' } })
    const cookie = first.headers.getSetCookie().map((line) => line.split(';')[0])
    const second = await fetch(url, { headers: { cookie: cookie.join('; ') } })

    expect(await first.json()).toEqual({ a: '1' })
    expect(first.headers.getSetCookie()).toEqual(['theme=dark; Path=/', sessionCookie])
    expect(Object.keys((await second.json()) as object)).toEqual(['theme', 'sessionid'])
  })

  everywhere('helmet’s headers arrive', async ({ express, place }) => {
    const engine = gatedEngine()
    const app = express()
    place(app, sessions({ engine }), helmet())
    app.get(
      '/',
      changing((_req, res) => void res.send('text')),
    )
    const { url } = await serve(app)

    const { headers } = await fetch(url)

    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.getSetCookie()).toEqual([sessionCookie])
  })

  everywhere('morgan logs status, length and our headers', async ({ express, place }) => {
    const stream = new PassThrough({ encoding: 'utf8' })
    const logger = morgan(':status :res[content-length] :res[vary] :response-time', { stream })
    const app = express()
    place(app, sessions({ engine: gatedEngine() }), logger as RequestHandler)
    app.get(
      '/',
      changing((_req, res) => void res.status(201).send('text')),
    )
    const { url } = await serve(app)

    await (await fetch(url)).text()
    const [line] = await once(stream, 'data')

    expect(line).toEqual(expect.stringMatching(/^201 4 Cookie \d+\.\d+\n$/))
  })

  everywhere('headers that on-headers sets arrive', async ({ express, place }) => {
    const app = express()
    place(app, sessions({ engine: gatedEngine() }), (_req, res, next) => {
      onHeaders(res, () => {
        res.setHeader('x-status', res.statusCode)
        res.appendHeader('set-cookie', 'late=1')
      })
      next()
    })
    app.get(
      '/end',
      changing((_req, res) => void res.status(201).send('text')),
    )
    app.get(
      '/head',
      changing((_req, res) => void res.writeHead(202, ['x-a', '1']).end('text')),
    )
    app.get(
      '/write',
      changing((_req, res) => void (res.write('te'), res.end('xt'))),
    )
    const { url } = await serve(app)

    for (const [path, status] of Object.entries({ '/end': 201, '/head': 202, '/write': 200 })) {
      const response = await fetch(url + path)

      expect(response.headers.get('x-status')).toBe(String(status))
      expect(response.headers.getSetCookie().toSorted()).toEqual(['late=1', sessionCookie])
      expect(await response.text()).toBe('text')
    }
  })

  everywhere('multer takes an upload, before or after a load', async ({ express, place }) => {
    const app = express()
    place(app, sessions({ engine: gatedEngine() }), multer().single('file'))
    app.post(
      '/',
      changing((req, res) => void res.send(req.file?.buffer.toString())),
    )
    const { url } = await serve(app)
    const body = new FormData()
    body.set('file', new Blob(['uploaded']), 'file.txt')

    const response = await fetch(url, { method: 'POST', body })

    expect(await response.text()).toBe('uploaded')
    expect(response.headers.getSetCookie()).toEqual([sessionCookie])
  })
})
