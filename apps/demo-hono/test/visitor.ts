import type { Hono } from 'hono'
import type { SessionEnv } from '@sessions/hono'
import type { DemoData } from 'demo-page'

const ORIGIN = 'http://localhost:3000'

/** A browser as far as the demo can tell: keeps the session's cookie, follows redirects, posts forms. */
export interface Visitor {
  /** The session's cookie as the browser keeps it. */
  cookie: string | undefined
  /** The last Set-Cookie header. */
  setCookie: string | undefined
  /** Opens a page and returns its text as a reader sees it. */
  open(path?: string): Promise<string>
  /** Posts a form, goes where the answer says, and returns the text of the page there. */
  post(path: string, fields?: Record<string, string>): Promise<string>
}

/** A visitor of the demo, with cookies or without. */
export function visitor(app: Hono<SessionEnv<DemoData>>, cookies: boolean = true): Visitor {
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers: Record<string, string> = { Origin: ORIGIN }
    if (self.cookie !== undefined) headers['Cookie'] = self.cookie
    const response = await app.request(ORIGIN + path, { ...init, headers })
    self.setCookie = response.headers.get('set-cookie') ?? undefined
    if (cookies && self.setCookie !== undefined) [self.cookie] = self.setCookie.split(';')
    return response
  }
  const self: Visitor = {
    cookie: undefined,
    setCookie: undefined,
    async open(path = '/') {
      return textOf(await send(path))
    },
    async post(path, fields = {}) {
      const response = await send(path, { method: 'POST', body: new URLSearchParams(fields) })
      const location = response.headers.get('location')
      return response.status === 303 && location !== null ? self.open(location) : textOf(response)
    },
  }
  return self
}

/** The text of a page, spaces joined. */
async function textOf(response: Response): Promise<string> {
  return (await response.text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}
