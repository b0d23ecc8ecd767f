import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import type { Express, RequestHandler } from 'express'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ask } from '../../node/test/support/client.ts'
import { cookieOf } from './support/cookies.ts'
import { expresses } from './support/expresses.ts'
import { gatedEngine } from '../../node/test/support/gated-engine.ts'
import { serve } from '../../node/test/support/servers.ts'

const change: RequestHandler = (req, _res, next) => {
  req.session.load().then((session) => {
    session.set('views', session.get('views', 0) + 1)
    next()
  }, next)
}

/** Whether the cookie is Secure if a proxy sends these headers: by default, that the client came over https. */
async function sendsSecure(
  createApp: () => Express,
  trust: boolean,
  headers: Record<string, string> = { 'x-forwarded-proto': 'https' },
): Promise<boolean> {
  const app = createApp().set('trust proxy', trust)
  app.use(sessions({ engine: memoryEngine() }), change)
  app.get('/', (_req, res) => void res.end())
  const { url } = await serve(app)
  const answer = await ask(url, { headers })
  return answer.headers['set-cookie']?.[0]?.includes('; Secure') === true
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sessions-express-'))
  writeFileSync(join(folder, 'file.txt'), 'the file')
  writeFileSync(join(folder, 'view.html'), 'the view')
})
afterAll(() => rm(folder, { recursive: true }))

for (const [version, createApp] of Object.entries(expresses)) {
  describe(`sessions, ${version}`, () => {
    it('a response carries the cookie, whichever method of Express sends it', async () => {
      const app = createApp().use(sessions({ engine: gatedEngine() }), change)
      app.engine('html', (_path, _options, done) => done(null, 'the view'))
      app.set('views', folder).set('view engine', 'html')
      app.get('/json', (_req, res) => void res.json({}))
      app.get('/jsonp', (_req, res) => void res.jsonp({}))
      app.get('/send', (_req, res) => void res.send('text'))
      app.get('/status', (_req, res) => void res.sendStatus(202))
      app.get('/redirect', (_req, res) => res.redirect('/json'))
      app.get('/file', (_req, res) => res.sendFile(join(folder, 'file.txt')))
      app.get('/download', (_req, res) => res.download(join(folder, 'file.txt')))
      app.get('/render', (_req, res) => res.render('view'))
      app.get('/end', (_req, res) => void res.end())
      const { url } = await serve(app)
      const paths = [
        'json',
        'jsonp',
        'send',
        'status',
        'redirect',
        'file',
        'download',
        'render',
        'end',
      ]

      for (const method of ['GET', 'HEAD']) {
        for (const path of [...paths, 'not-found']) {
          const { headers } = await ask(`${url}/${path}`, { method })

          expect(headers['set-cookie'], path).toEqual([expect.stringMatching(/^sessionid=/)])
          expect(headers['vary'], path).toMatch(/(^|, )Cookie$/)
        }
      }
      expect((await ask(`${url}/file`)).body).toBe('the file')
    })

    it('a conditional request gets its 304 with the cookie', async () => {
      const app = createApp().use(sessions({ engine: gatedEngine() }), change)
      app.get('/', (_req, res) => void res.send('text'))
      const { url } = await serve(app)
      const first = await ask(url)

      const second = await ask(url, { headers: { 'if-none-match': first.headers.etag ?? '' } })

      expect(second.status).toBe(304)
      expect(second.headers['set-cookie']).toHaveLength(1)
    })

    it('an untouched request keeps the methods of its response', async () => {
      const app = createApp().use(sessions({ engine: gatedEngine() }))
      const own: string[] = []
      app.get('/', (_req, res) => {
        own.push(
          ...['end', 'write', 'writeHead', 'flushHeaders', 'on'].filter((name) =>
            Object.hasOwn(res, name),
          ),
        )
        res.end()
      })
      const { url } = await serve(app)

      await ask(url)

      expect(own).toEqual([])
    })

    it('mounted at a path, it applies only there', async () => {
      const mount = sessions({ engine: memoryEngine() })
      const app = createApp().use('/in', mount)
      app.use((req, res) => void res.json({ mounted: 'session' in req }))
      const { url } = await serve(app)

      expect((await ask(`${url}/in`)).body).toBe('{"mounted":true}')
      expect((await ask(`${url}/out`)).body).toBe('{"mounted":false}')
    })

    it('mounted in an app and in a nested one, there is one session', async () => {
      const engine = gatedEngine()
      const mount = sessions({ engine })
      const inner = createApp().use(mount, change)
      inner.get('/', (req, res) => {
        mount.load(req).then(
          (session) => res.json(session.get('views')),
          () => {},
        )
      })
      const { url } = await serve(createApp().use(mount, change).use('/sub', inner))

      expect((await ask(`${url}/sub`)).body).toBe('2')
      expect(engine.calls).toEqual(['create'])
    })

    it('eager: loads the session if a cookie came, and does not call the store otherwise', async () => {
      const engine = gatedEngine()
      const app = createApp().use(sessions({ engine }, { eager: true }))
      app.get('/', (req, res) => void res.json({ loaded: req.session.loaded }))
      app.get('/change', change, (_req, res) => void res.end())
      const { url } = await serve(app)

      expect((await ask(url)).body).toBe('{"loaded":true}')
      expect(engine.calls).toEqual([])
      const cookie = cookieOf((await ask(`${url}/change`)).headers)
      engine.calls.length = 0
      const answer = await ask(url, { headers: { cookie } })

      expect(answer.body).toBe('{"loaded":true}')
      expect(answer.headers['vary']).toBeUndefined()
      expect(engine.calls).toEqual(['load'])
    })

    it('trust proxy decides whether a proxy is believed about https', async () => {
      expect(await sendsSecure(createApp, false)).toBe(false)
      expect(await sendsSecure(createApp, true)).toBe(true)
    })

    it('the host is taken from Express: behind a proxy that sends only X-Forwarded-Host, as Apache does, cookies are Secure', async () => {
      const headers = { 'x-forwarded-host': 'example.com' }

      expect(await sendsSecure(createApp, false, headers)).toBe(false)
      expect(await sendsSecure(createApp, true, headers)).toBe(true)
    })

    it('beside the session of another library, req.session stays theirs, and load() returns ours', async () => {
      const mount = sessions({ engine: memoryEngine() })
      const app: Express = createApp()
      app.use((req, _res, next) => {
        Object.assign(req, { session: { theirs: true } })
        next()
      })
      app.use(mount)
      app.get('/', (req, res) => {
        mount.load(req).then((session) => {
          session.set('views', 1)
          res.json(req.session)
        }, vi.fn())
      })
      const { url } = await serve(app)

      const answer = await ask(url)

      expect(answer.body).toBe('{"theirs":true}')
      expect(answer.headers['set-cookie']).toHaveLength(1)
    })
  })
}
