import { expect } from 'vitest'
import type { Answer, SendOptions, SetCookie } from './client.ts'
import { inProcess, type AdapterCase, type InsideContext } from './context.ts'
import { signedRecords } from './signed-records.ts'

/** A size in bytes that needs three cookies. */
const LARGE = 6000

/** A client that stores every cookie. */
interface Browser {
  names(): string[]
  send(path: string, options?: SendOptions): Promise<Answer>
  data(): Promise<unknown>
}

/** A session that does not fit into one cookie is split over several, with a Set-Cookie header for each. */
export const cookieChunks: readonly AdapterCase[] = inProcess(
  'an engine that keeps sessions in several cookies',
  {
    'sets each of the cookies, and joins them on the next request': async (context) => {
      const browser = await start(context)

      const answer = await browser.send(`/large?bytes=${LARGE}`)

      expect(namesOf(answer.setCookies), 'cookies set').toEqual(PARTS)
      expect(answer.list('vary'), 'Vary').toContain('cookie')
      expect(await browser.data(), 'session data').toEqual({ large: 'x'.repeat(LARGE) })
    },

    ...Object.fromEntries(
      ['/count', '/redirect', '/stream', '/sse', '/status/404?key=k'].map((path) => [
        `sets each of the cookies in the answer to ${path}`,
        async (context) => {
          const browser = await start(context)
          await browser.send(`/large?bytes=${LARGE}`)
          const before = await browser.data()

          const answer = await browser.send(path)

          expect(namesOf(answer.setCookies), 'cookies set').toEqual(PARTS)
          expect(await browser.data(), 'session data').toMatchObject({ large: 'x'.repeat(LARGE) })
          expect(await browser.data(), 'session data').not.toEqual(before)
        },
      ]),
    ),

    'sets each of the cookies beside those of the application': async (context) => {
      const browser = await start(context)
      await browser.send(`/large?bytes=${LARGE}`)

      const answer = await browser.send(
        '/headers?key=k&set-cookie=theme%3Ddark&set-cookie=lang%3Den',
      )

      expect(namesOf(answer.setCookies), 'cookies set').toEqual(['theme', 'lang', ...PARTS])
      expect(await browser.data(), 'session data').toEqual({ k: true, large: 'x'.repeat(LARGE) })
    },

    'deletes the cookies that a smaller session no longer needs': async (context) => {
      const browser = await start(context)
      await browser.send('/count')
      await browser.send(`/large?bytes=${LARGE}`)
      expect(browser.names(), 'cookies of the browser').toEqual(PARTS)

      await browser.send('/delete?key=large', { method: 'POST' })

      expect(browser.names(), 'cookies of the browser').toEqual(['sessionid'])
      expect(await browser.data(), 'session data').toEqual({ views: 1 })
    },

    'deletes all the cookies at a logout': async (context) => {
      const browser = await start(context)
      await browser.send(`/large?bytes=${LARGE}`)
      expect(browser.names(), 'cookies of the browser').toEqual(PARTS)

      await browser.send('/flush', { method: 'POST' })

      expect(browser.names(), 'cookies of the browser').toEqual([])
    },
  },
)

const PARTS = ['sessionid.0', 'sessionid.1', 'sessionid.2']

async function start({ serve }: InsideContext): Promise<Browser> {
  const app = await serve({}, { engine: { ...signedRecords, chunks: PARTS.length } })
  const cookies = new Map<string, string>()
  const send: Browser['send'] = async (path, options) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await app.send(path, { cookie, ...options })
    for (const { name, value, deletes } of answer.setCookies) {
      if (deletes) cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  return {
    names: () => [...cookies.keys()],
    send,
    data: async () => ((await send('/all')).json() as { data: unknown }).data,
  }
}

function namesOf(cookies: readonly SetCookie[]): string[] {
  return cookies.filter(({ deletes }) => !deletes).map(({ name }) => name)
}
