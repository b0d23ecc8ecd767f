import { createSessions, type Session, type UnloadedSession } from '@sessions/core'
import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import express, { Router, type RequestHandler } from 'express'
import { expectTypeOf } from 'vitest'

interface MyData {
  userId: string
  views: number
}

const manager = createSessions<MyData>({ engine: memoryEngine() })
const mount = sessions(manager)

// It is a middleware wherever Express takes one.
const asHandler: RequestHandler = mount
express().use(mount).use('/path', mount, asHandler).get('/', mount)
Router().use(mount)

// `req.session` has the type of every request: any string key, unless `SessionData` says otherwise.
express()
  .use(sessions({ engine: memoryEngine() }))
  .get('/', async (req, res) => {
    expectTypeOf(req.session).toEqualTypeOf<UnloadedSession>()
    // @ts-expect-error its data cannot be touched before it is loaded
    req.session.get('views')
    req.session.flush()

    const session = await req.session.load()
    expectTypeOf(session).toEqualTypeOf<Session>()
    session.set('views', session.get('views', 0) + 1)
    session.data.views = (session.data.views ?? 0) + 1
    res.json({ views: session.get('views', 0) + 1 })
  })

// `mount.load(req)` has the type of its manager, in handlers and middleware, with routers and typed parameters.
Router()
  .use(mount)
  .get('/:id', async (req, res, next) => {
    expectTypeOf(req.params.id).toEqualTypeOf<string>()
    const session = await mount.load(req)
    expectTypeOf(session).toEqualTypeOf<Session<MyData>>()
    expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
    expectTypeOf(session.data.userId).toEqualTypeOf<string | undefined>()
    // @ts-expect-error no such key
    session.set('nobody', 1)
    // @ts-expect-error no such value
    session.set('views', 'many')
    res.end()
    next()
  })

// Settings with a type of their own, which their functions are given.
sessions<MyData>({ engine: memoryEngine(), attributes: { userId: (data) => data.userId } })

// @ts-expect-error an engine is required
sessions({})
// @ts-expect-error no such setting
sessions({ engine: memoryEngine(), cookies: {} })
// @ts-expect-error no such option: `trust proxy` is Express's own
sessions({ engine: memoryEngine() }, { https: () => true })
