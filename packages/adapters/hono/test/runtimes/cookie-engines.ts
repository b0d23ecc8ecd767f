import { createSessions, type CookieEngine } from '@sessions/core'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'

/** An app on another runtime that keeps its sessions in cookies, and an engine that opens them here. */
interface CookieSubject {
  readonly url: () => Promise<string>
  readonly engine: CookieEngine
}

/** Tests an app whose sessions are kept in cookies, which the adapter suite cannot: it takes each session cookie for a key. */
export function describeCookies(name: string, { url, engine }: CookieSubject): void {
  const manager = createSessions({ engine })
  const client = (): Client => createClient(url)

  describe(`over ${name}`, () => {
    it('a session lasts from one request to the next', async () => {
      const visitor = client()
      await visitor.ask('/count')

      expect(await (await visitor.ask('/count')).json()).toEqual({ views: 2 })
      const read = await visitor.ask('/read')
      expect(await read.json()).toEqual({ views: 2 })
      expect(read.headers.getSetCookie()).toEqual([])
    })

    it('a session made there is opened on Node', async () => {
      const visitor = client()
      await visitor.ask('/set?key=k&value=%F0%9F%94%91', 'POST')

      const session = await manager.openFromCookies(visitor.header()).load()

      expect(session.toObject()).toEqual({ k: '🔑' })
    })

    it('a session made on Node is opened there', async () => {
      const session = manager.open()
      session.set('k', '🔑'.repeat(200))
      const { setCookie } = await manager.commit(session, { status: 200 })
      const visitor = client()
      for (const line of setCookie) visitor.keep(line)

      const answer = await visitor.ask('/all')

      expect(await answer.json()).toMatchObject({ data: { k: '🔑'.repeat(200) } })
    })

    it('a cookie that was tampered with is no session', async () => {
      const visitor = client()
      await visitor.ask('/count')
      const [[cookie, value] = ['', '']] = visitor.cookies
      const middle = value.length >> 1
      const other = value[middle] === 'A' ? 'B' : 'A'
      visitor.cookies.set(cookie, value.slice(0, middle) + other + value.slice(middle + 1))

      expect(await (await visitor.ask('/read')).json()).toEqual({ views: null })
      expect(visitor.cookies.size).toBe(0)
    })

    it('a logout deletes the cookie', async () => {
      const visitor = client()
      await visitor.ask('/count')
      await visitor.ask('/flush', 'POST')

      expect(visitor.cookies.size).toBe(0)
    })

    it('a session too large for a cookie is an error, and nothing is sent', async () => {
      // Hashes, which hardly compress.
      const value = Array.from({ length: 60 }, (_, index) =>
        createHash('sha512').update(String(index)).digest('base64url'),
      ).join('')

      const answer = await client().ask(`/set?key=k&value=${value}`, 'POST')

      expect(answer.status).toBe(500)
      expect(await answer.json()).toEqual({ error: 'COOKIE_TOO_LARGE' })
      expect(answer.headers.getSetCookie()).toEqual([])
    })

    it('a stream begins with the cookie', async () => {
      const visitor = client()
      await (await visitor.ask('/stream')).text()

      expect(await (await visitor.ask('/all')).json()).toMatchObject({ data: { streamed: true } })
    })
  })
}

/** A client that keeps its cookies. */
interface Client {
  readonly cookies: Map<string, string>
  header(): string
  keep(setCookie: string): void
  ask(path: string, method?: string): Promise<Response>
}

function createClient(url: () => Promise<string>): Client {
  const cookies = new Map<string, string>()
  const header = (): string => [...cookies].map((pair) => pair.join('=')).join('; ')
  const keep = (line: string): void => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/; Max-Age=0(;|$)/.test(line)) cookies.delete(name)
    else cookies.set(name, value)
  }
  return {
    cookies,
    header,
    keep,
    async ask(path, method = 'GET') {
      const headers = { cookie: header() }
      const answer = await fetch((await url()) + path, { method, headers, redirect: 'manual' })
      for (const line of answer.headers.getSetCookie()) keep(line)
      return answer
    },
  }
}
