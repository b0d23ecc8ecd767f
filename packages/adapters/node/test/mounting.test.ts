import { createSessions } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { sessions, type SessionRequest } from '@sessions/node'
import { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { ask } from './support/client.ts'
import { exchange } from './support/exchange.ts'
import { gatedEngine } from './support/gated-engine.ts'
import { serve } from './support/servers.ts'

describe('sessions: a request that does not touch its session', () => {
  it('has nothing wrapped, nothing opened, and the engine not called', () => {
    const engine = gatedEngine()
    const manager = createSessions({ engine })
    const open = vi.spyOn(manager, 'openFromCookies')
    const mount = sessions(manager)
    const { req, res } = exchange(`sessionid=${'a'.repeat(32)}`)
    const before = Object.getOwnPropertyDescriptors(res)
    const listeners = res.eventNames().map((name) => [name, res.listenerCount(name)])

    mount(req, res, () => {})

    expect(Object.getOwnPropertyDescriptors(res)).toEqual(before)
    expect(res.eventNames().map((name) => [name, res.listenerCount(name)])).toEqual(listeners)
    expect(open).not.toHaveBeenCalled()
    expect(engine.calls).toEqual([])
  })

  it('does not have its headers read', () => {
    const { req, res } = exchange()
    const headers = vi.spyOn(req, 'headers', 'get')

    sessions({ engine: memoryEngine() })(req, res)

    expect(headers).not.toHaveBeenCalled()
  })

  it('is wrapped at the first access, and only once', () => {
    const { req, res } = exchange()
    sessions({ engine: memoryEngine() })(req, res)

    const session = req.session
    const { end } = res

    expect(Object.hasOwn(res, 'end')).toBe(true)
    expect(req.session).toBe(session)
    expect(res.end).toBe(end)
  })

  it('has one session for the mounts of two copies of this package, as import and require load', async () => {
    const manager = createSessions({ engine: memoryEngine() })
    const mount = sessions(manager)
    vi.resetModules()
    const another = await import('@sessions/node')
    const { req, res } = exchange()

    mount(req, res)

    expect(another.sessions).not.toBe(sessions)
    expect(await another.sessions(manager).load(req)).toBe(await mount.load(req))
  })

  it('is wrapped at once with saveEveryRequest', () => {
    const { req, res } = exchange()

    sessions({ engine: memoryEngine(), saveEveryRequest: true })(req, res)

    expect(Object.hasOwn(res, 'end')).toBe(true)
  })
})

describe('sessions: a response whose session is committed', () => {
  it('has its own methods again', async () => {
    const { url } = await serve(async (req, res) => {
      const { write, end, writeHead, flushHeaders, on } = res
      mount(req, res)
      ;(await mount.load(req)).get('views')
      res.write('text')
      expect([res.write, res.end, res.writeHead, res.flushHeaders, res.on]).toEqual([
        write,
        end,
        writeHead,
        flushHeaders,
        on,
      ])
      res.end()
    })
    const mount = sessions({ engine: memoryEngine() })

    expect((await ask(url)).body).toBe('text')
  })
})

describe('sessions: req.session', () => {
  it('exists if a framework has set the prototypes, and the other members are as they were', () => {
    const { req, res } = exchange()
    Object.setPrototypeOf(req, Object.create(IncomingMessage.prototype) as object)
    Object.setPrototypeOf(res, Object.create(ServerResponse.prototype) as object)
    Object.assign(req, { upgrade: false })
    res.sendDate = false
    const before = [Object.keys(req).toSorted(), Object.keys(res).toSorted()]

    sessions({ engine: memoryEngine() })(req, res)
    const session = req.session

    expect(session.loaded).toBe(false)
    expect(req).toMatchObject({ upgrade: false })
    expect(res.sendDate).toBe(false)
    const wrapped = ['writeHead', 'write', 'end', 'flushHeaders', 'on', '_send']
    expect([
      Object.keys(req).toSorted(),
      Object.keys(res)
        .filter((name) => !wrapped.includes(name))
        .toSorted(),
    ]).toEqual(before)
  })

  it('cannot be assigned to: the error names the remedy', () => {
    const { req, res } = exchange()
    sessions({ engine: memoryEngine() })(req, res)

    expect(() => Object.assign(req, { session: {} })).toThrow(/flush\(\)/)
  })

  it('of another library stays, and load() returns ours', async () => {
    const { req, res } = exchange()
    const foreign = { user: 'ada' }
    Object.assign(req, { session: foreign })
    const mount = sessions({ engine: memoryEngine() })

    mount(req, res)

    expect(req.session).toBe(foreign)
    expect((await mount.load(req)).get('user')).toBeUndefined()
  })

  it('can be taken over by another library', () => {
    const { req, res } = exchange()
    sessions({ engine: memoryEngine() })(req, res)

    Object.defineProperty(req, 'session', { value: 'theirs' })

    expect(req.session).toBe('theirs')
  })
})

describe('sessions: mounted more than once', () => {
  it('the same settings, manager or mount: one session, one write, one cookie', async () => {
    const ways = [
      () => {
        const mount = sessions({ engine: gatedEngine() })
        return [mount, mount]
      },
      () => {
        const settings = { engine: gatedEngine() }
        return [sessions(settings), sessions(settings)]
      },
      () => {
        const manager = createSessions({ engine: gatedEngine() })
        return [sessions(manager), sessions(manager)]
      },
    ] as const
    for (const way of ways) {
      const [first, second] = way()
      const { url } = await serve(async (req, res) => {
        first?.(req, res)
        second?.(req, res)
        expect(await first?.load(req)).toBe(await second?.load(req))
        ;(await second?.load(req))?.set('views', 1)
        res.end()
      })

      expect((await ask(url)).headers['set-cookie']).toHaveLength(1)
    }
  })

  it('two managers with different cookie names keep two sessions, and req.session is the inner one', async () => {
    const shop = sessions({ engine: gatedEngine(), cookie: { name: 'shop' } })
    const admin = sessions({ engine: gatedEngine(), cookie: { name: 'admin' } })
    const { url } = await serve(async (req, res) => {
      shop(req, res)
      admin(req, res)
      ;(await shop.load(req)).set('in', 'shop')
      const session = await admin.load(req)
      session.set('in', 'admin')
      expect((req as SessionRequest).session).toBe(session)
      res.write('one,')
      res.end('two')
    })

    const { headers, body } = await ask(url)

    const names = headers['set-cookie']?.map((line) => line.split('=')[0])
    expect(names?.toSorted()).toEqual(['admin', 'shop'])
    expect(body).toBe('one,two')
  })

  it('load() of a request that did not go through the mount rejects, and names the remedy', async () => {
    const mount = sessions({ engine: memoryEngine() })
    const { req } = exchange()

    await expect(mount.load(req)).rejects.toThrow(/app\.use\(mount\)/)
  })
})
