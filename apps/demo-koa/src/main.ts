import { bodyParser } from '@koa/bodyparser'
import { Router } from '@koa/router'
import type { Sessions } from '@sessions/core'
import { sessions, type SessionContext } from '@sessions/koa'
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
import Koa, { type Context, type DefaultState } from 'koa'

/** The demo on Koa: one page that shows a session, with a form for each operation on it. */
export function demo(manager: Sessions<DemoData>, linksFor: LinksFor): Listener {
  const app = new Koa()
  const router = new Router<DefaultState, SessionContext<DemoData>>()

  app.use(async (ctx, next) => {
    if (isForeignForm(ctx.req, `${ctx.protocol}://${ctx.host}`)) ctx.throw(403)
    await next()
  })
  app.use(bodyParser({ enableTypes: ['form'], formLimit: '16kb' }))
  app.use(sessions(manager))
  app.use(router.routes())

  router.get('/style.css', (ctx) => {
    ctx.type = 'css'
    ctx.body = styles
  })

  router.get('/', async (ctx) => {
    const session = await ctx.session.load()
    session.modify('views', (views = 0) => views + 1)
    const notice = session.pop('notice')
    // The response would save the session anyway; saving it now gives a new session a handle for the page to show.
    await session.save()
    ctx.set('Cache-Control', 'no-store')
    const cookiesBlocked = blocksCookies(ctx.query['cookie'], ctx.headers.cookie)
    const links = linksFor(ctx.host)
    ctx.body = renderPage(pageModel(session, { framework: 'Koa', notice, cookiesBlocked, links }))
  })

  router.post('/note', async (ctx) => {
    const session = await ctx.session.load()
    const text = readNote(field(ctx, 'note'))
    if (text === '') session.delete('note')
    else session.set('note', text)
    session.set('notice', text === '' ? 'note-deleted' : 'note-saved')
    back(ctx)
  })

  router.post('/lifetime', async (ctx) => {
    const session = await ctx.session.load()
    session.setExpiry(readLifetime(field(ctx, 'lifetime')))
    session.set('notice', 'lifetime-set')
    back(ctx)
  })

  router.post('/rotate', async (ctx) => {
    const session = await ctx.session.load()
    session.cycleKey()
    session.set('notice', { rotated: session.handle ?? 'none' })
    back(ctx)
  })

  router.post('/clear', async (ctx) => {
    const session = await ctx.session.load()
    session.clear()
    session.set('notice', 'cleared')
    back(ctx)
  })

  router.post('/logout', async (ctx) => {
    ctx.session.flush()
    // Data written after flush() belongs to a new session.
    const session = await ctx.session.load()
    session.set('notice', 'logged-out')
    back(ctx)
  })

  router.post('/test-cookie/set', async (ctx) => {
    const session = await ctx.session.load()
    session.setTestCookie()
    back(ctx)
  })

  router.post('/test-cookie/delete', async (ctx) => {
    const session = await ctx.session.load()
    session.deleteTestCookie()
    back(ctx)
  })

  return app.callback()
}

function field({ request }: Context, name: string): unknown {
  return (request.body as Record<string, unknown> | undefined)?.[name]
}

function back(ctx: Context): void {
  ctx.status = 303
  ctx.redirect(pageAfter(ctx.headers.cookie))
}
