import { createSessions } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { Hono } from 'hono'
import { expect, it, vi } from 'vitest'
import { sessions } from '../src/index.ts'

const headers = { cookie: `sessionid=${'k'.repeat(32)}` }

it("an untouched session: the handler's own response, no call to the engine, and the signal not read", async () => {
  const engine = memoryEngine()
  const load = vi.spyOn(engine, 'load')
  const handled: Response[] = []
  const app = new Hono().use(sessions(createSessions({ engine }))).get('/', () => {
    const response = new Response('text')
    handled.push(response)
    return response
  })
  const request = new Request('http://localhost/', { headers })
  const signal = vi.spyOn(request, 'signal', 'get')

  const response = await app.fetch(request)

  expect(response).toBe(handled[0])
  expect(load).not.toHaveBeenCalled()
  expect(signal).not.toHaveBeenCalled()
})

it("a session that is read: still the handler's own response", async () => {
  const handled: Response[] = []
  const manager = createSessions<{ views: number }>({ engine: memoryEngine() })
  const stored = manager.open()
  stored.set('views', 1)
  await stored.save()
  const app = new Hono().use(sessions(manager)).get('/', async (c) => {
    const session = await c.var.session.load()
    const response = new Response(String(session.get('views')))
    handled.push(response)
    return response
  })

  const response = await app.request('/', {
    headers: { cookie: `sessionid=${stored.sessionKey}` },
  })

  expect(response).toBe(handled[0])
  expect(await response.text()).toBe('1')
  expect(response.headers.get('vary')).toBe('Cookie')
})
