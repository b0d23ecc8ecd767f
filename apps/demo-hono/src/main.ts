import { getRequestListener } from '@hono/node-server'
import type { Sessions } from '@sessions/core'
import { sessions } from '@sessions/hono'
import {
  blocksCookies,
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
import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'

/** The demo on Hono: one page that shows a session, with a form for each operation on it. */
export function demo(manager: Sessions<DemoData>, linksFor: LinksFor): Listener {
  const app = new Hono().use(csrf(), bodyLimit({ maxSize: 16 * 1024 }), sessions(manager))

  app.get('/style.css', (c) => c.body(styles, 200, { 'content-type': 'text/css; charset=utf-8' }))

  app.get('/', async (c) => {
    const session = await c.var.session.load()
    session.modify('views', (views = 0) => views + 1)
    const notice = session.pop('notice')
    // The response would save the session anyway; saving it now gives a new session a handle for the page to show.
    await session.save()
    c.header('Cache-Control', 'no-store')
    const cookiesBlocked = blocksCookies(c.req.query('cookie'), c.req.header('cookie'))
    const links = linksFor(c.req.header('host'))
    return c.html(
      renderPage(pageModel(session, { framework: 'Hono', notice, cookiesBlocked, links })),
    )
  })

  app.post('/note', async (c) => {
    const { note } = await c.req.parseBody()
    const session = await c.var.session.load()
    const text = readNote(note)
    if (text === '') session.delete('note')
    else session.set('note', text)
    session.set('notice', text === '' ? 'note-deleted' : 'note-saved')
    return back(c)
  })

  app.post('/lifetime', async (c) => {
    const { lifetime } = await c.req.parseBody()
    const session = await c.var.session.load()
    session.setExpiry(readLifetime(lifetime))
    session.set('notice', 'lifetime-set')
    return back(c)
  })

  app.post('/rotate', async (c) => {
    const session = await c.var.session.load()
    session.cycleKey()
    session.set('notice', { rotated: session.handle ?? 'none' })
    return back(c)
  })

  app.post('/clear', async (c) => {
    const session = await c.var.session.load()
    session.clear()
    session.set('notice', 'cleared')
    return back(c)
  })

  app.post('/logout', async (c) => {
    c.var.session.flush()
    // Data written after flush() belongs to a new session.
    const session = await c.var.session.load()
    session.set('notice', 'logged-out')
    return back(c)
  })

  app.post('/test-cookie/set', async (c) => {
    const session = await c.var.session.load()
    session.setTestCookie()
    return back(c)
  })

  app.post('/test-cookie/delete', async (c) => {
    const session = await c.var.session.load()
    session.deleteTestCookie()
    return back(c)
  })

  return getRequestListener(app.fetch)
}

function back(c: Context): Response {
  return c.redirect(pageAfter(c.req.header('cookie')), 303)
}
