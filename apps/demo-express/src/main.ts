// oxlint-disable oxc/no-async-endpoint-handlers -- Express 5 handles rejections of handlers; Express 4 did not.
import type { Sessions } from '@sessions/core'
import { sessions } from '@sessions/express'
import {
  blocksCookies,
  isForeignForm,
  pageAfter,
  pageModel,
  readLifetime,
  readNote,
  renderPage,
  styles,
  type DemoData,
  type LinksFor,
  type Listener,
} from 'demo-page'
import express, { type Request, type Response } from 'express'

/** The demo on Express: one page that shows a session, with a form for each operation on it. */
export function demo(manager: Sessions<DemoData>, linksFor: LinksFor): Listener {
  const mount = sessions(manager)
  const app = express()

  app.use((req, res, next) => {
    if (isForeignForm(req, `${req.protocol}://${req.host}`)) res.sendStatus(403)
    else next()
  })
  app.use(express.urlencoded({ extended: false, limit: '16kb' }))
  app.use(mount)

  app.get('/style.css', (_req, res) => {
    res.type('css').send(styles)
  })

  app.get('/', async (req, res) => {
    const session = await mount.load(req)
    session.modify('views', (views = 0) => views + 1)
    const notice = session.pop('notice')
    // The response would save the session anyway; saving it now gives a new session a handle for the page to show.
    await session.save()
    const cookiesBlocked = blocksCookies(req.query['cookie'], req.headers.cookie)
    const links = linksFor(req.host)
    res
      .set('Cache-Control', 'no-store')
      .send(renderPage(pageModel(session, { framework: 'Express', notice, cookiesBlocked, links })))
  })

  app.post('/note', async (req, res) => {
    const session = await mount.load(req)
    const text = readNote(field(req, 'note'))
    if (text === '') session.delete('note')
    else session.set('note', text)
    session.set('notice', text === '' ? 'note-deleted' : 'note-saved')
    back(req, res)
  })

  app.post('/lifetime', async (req, res) => {
    const session = await mount.load(req)
    session.setExpiry(readLifetime(field(req, 'lifetime')))
    session.set('notice', 'lifetime-set')
    back(req, res)
  })

  app.post('/rotate', async (req, res) => {
    const session = await mount.load(req)
    session.cycleKey()
    session.set('notice', { rotated: session.handle ?? 'none' })
    back(req, res)
  })

  app.post('/clear', async (req, res) => {
    const session = await mount.load(req)
    session.clear()
    session.set('notice', 'cleared')
    back(req, res)
  })

  app.post('/logout', async (req, res) => {
    req.session.flush()
    // Data written after flush() belongs to a new session.
    const session = await mount.load(req)
    session.set('notice', 'logged-out')
    back(req, res)
  })

  app.post('/test-cookie/set', async (req, res) => {
    const session = await mount.load(req)
    session.setTestCookie()
    back(req, res)
  })

  app.post('/test-cookie/delete', async (req, res) => {
    const session = await mount.load(req)
    session.deleteTestCookie()
    back(req, res)
  })

  return app
}

function field({ body }: Request, name: string): unknown {
  return (body as Record<string, unknown> | undefined)?.[name]
}

function back(req: Request, res: Response): void {
  res.redirect(303, pageAfter(req.headers.cookie))
}
