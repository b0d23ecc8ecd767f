import { expect } from 'vitest'
import { inProcess, type AdapterCase, type InsideApp, type InsideContext } from './context.ts'
import {
  expectCookieDeleted,
  expectError,
  expectUntouched,
  expectVaryOnly,
} from './expectations.ts'
import { signedRecords } from './signed-records.ts'

async function start({ serve }: InsideContext): Promise<InsideApp> {
  return serve({}, { engine: signedRecords })
}

/** Sessions that the browser keeps: rows 22 and 23 of the decision table, and further differences. */
export const cookieEngine: readonly AdapterCase[] = inProcess(
  'an engine that keeps sessions in cookies',
  {
    'keeps data from one request to the next': async (context) => {
      const visitor = (await start(context)).visitor()
      await visitor.get('/count')

      expect((await visitor.get('/count')).json(), 'GET /count').toEqual({ views: 2 })
      expectVaryOnly(await visitor.get('/read'))
      expectUntouched(await visitor.get('/untouched'))
    },

    'deletes the cookie at a logout': async (context) => {
      const visitor = (await start(context)).visitor()
      await visitor.get('/count')

      expectCookieDeleted(await visitor.post('/flush'))
    },

    'row 22: treats a tampered cookie as absent': async (context) => {
      const app = await start(context)
      const visitor = app.visitor()
      await visitor.get('/count')
      const cookie = `${visitor.cookie()?.slice(0, -1)}!`

      const answer = await app.send('/read', { cookie })

      expect(answer.json(), 'body').toEqual({ views: null })
      expectCookieDeleted(answer)
      expectUntouched(await app.send('/untouched', { cookie }))
    },

    'row 23: fails with COOKIE_TOO_LARGE if the session does not fit, and sends no cookie': async (
      context,
    ) => {
      const app = await start(context)
      const visitor = app.visitor()
      await visitor.get('/count')

      // Text that hardly compresses.
      const value = Array.from({ length: 400 }, (_, index) => (index + 7) * 982_451_653).join('')
      const answer = await visitor.post(`/set?key=k&value=${value}`)

      expectError(answer, 500, 'COOKIE_TOO_LARGE')
      expect((await visitor.get('/read')).json(), 'GET /read').toEqual({ views: 1 })
    },

    'sends the cookie with the headers of a stream': async (context) => {
      const visitor = (await start(context)).visitor()

      await visitor.get('/stream')

      expect((await visitor.all()).data, 'session data').toEqual({ streamed: true })
    },

    'sends no cookie if the handler throws': async (context) => {
      const visitor = (await start(context)).visitor()
      await visitor.get('/count')

      const answer = await visitor.get('/throw?key=k')

      expect(answer.status, 'status').toBe(500)
      expect(answer.setCookies, 'Set-Cookie').toEqual([])
    },
  },
)
