import { dumps, isSessionError, loads, type SessionEngine } from '@sessions/core'
import { sessions } from '@sessions/hono'
import { memoryEngine } from '@sessions/memory'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { samplePlatform } from './platform-sample.ts'
import { secretKey } from './secret-key.ts'

/** Apps for what may differ between runtimes, but the suite does not test over HTTP. Created before the first request. */
const apps: Readonly<Record<string, Pick<Hono, 'fetch'>>> = {
  responses: createResponses(),
  failing: createFailing(),
  slow: createSlow(),
  signing: createSigning(),
}

/** The app beside the reference app to which this URL belongs. */
export function asideOf(url: string): Pick<Hono, 'fetch'> | undefined {
  const name = /\/aside\/(\w+)\//.exec(url)?.[1]
  return name === undefined ? undefined : apps[name]
}

/** The signing of core. */
function createSigning(): Pick<Hono, 'fetch'> {
  const app = new Hono().basePath('/aside/signing')
  app.get('/platform', (c) => c.text(import.meta.resolve('@sessions/core/platform')))
  app.get('/sample', (c) => c.json(samplePlatform()))
  app.post('/dumps', async (c) => {
    return c.text(dumps(await c.req.text(), { secretKey, compress: true }))
  })
  app.post('/loads', async (c) => {
    try {
      return c.text(String(loads(await c.req.text(), { secretKey })))
    } catch (error) {
      return c.text(isSessionError(error) ? error.code : 'another error')
    }
  })
  return app
}

/** Responses of the runtime's own: one whose headers are immutable, and one whose type the runtime finds. */
function createResponses(): Pick<Hono, 'fetch'> {
  const mount = sessions({ engine: memoryEngine() })
  const app = new Hono().basePath('/aside/responses').use(mount)
  app.get('/redirect', async (c) => {
    const session = await mount.load(c)
    session.set('user', 'ada')
    return Response.redirect('http://localhost/elsewhere', 303)
  })
  app.get('/text', async (c) => {
    const session = await mount.load(c)
    session.set('user', 'ada')
    return c.text('hello')
  })
  return app
}

/** Over an engine that stores nothing. */
function createFailing(): Pick<Hono, 'fetch'> {
  const engine: SessionEngine = {
    ...memoryEngine(),
    create: () => {
      throw new Error('The store is down.')
    },
  }
  const mount = sessions({ engine })
  const app = new Hono().basePath('/aside/failing').use(mount)
  app.get('/redirect', async (c) => {
    const session = await mount.load(c)
    session.set('user', 'ada')
    c.header('etag', '"lost"')
    return c.redirect('/elsewhere', 303)
  })
  app.get('/stream', async (c) => {
    const session = await mount.load(c)
    session.set('user', 'ada')
    return stream(c, async (out) => {
      await out.write('lost')
    })
  })
  return app
}

/** A handler that runs until another request lets it return. */
function createSlow(): Pick<Hono, 'fetch'> {
  const mount = sessions({ engine: memoryEngine() })
  const [entered, mayLeave, left] = [createDoor(), createDoor(), createDoor()]
  const app = new Hono()
    .basePath('/aside/slow')
    .use('/work', async (_c, next) => {
      await next()
      left.open()
    })
    .use(mount)
  app.get('/count', async (c) => {
    const session = await mount.load(c)
    const views: number = session.get('views', 0) + 1
    session.set('views', views)
    return c.json({ views })
  })
  app.get('/all', async (c) => c.json((await mount.load(c)).toObject()))
  app.post('/work', async (c) => {
    const session = await mount.load(c)
    session.set('worked', true)
    entered.open()
    await mayLeave.opened
    return c.text('done')
  })
  app.get('/entered', async (c) => {
    await entered.opened
    return c.text('entered')
  })
  app.get('/leave', async (c) => {
    mayLeave.open()
    await left.opened
    return c.text('left')
  })
  return app
}

function createDoor(): { readonly opened: Promise<void>; readonly open: () => void } {
  let resolveOpened: (() => void) | undefined
  const opened = new Promise<void>((resolve) => {
    resolveOpened = resolve
  })
  return { opened, open: () => resolveOpened?.() }
}
