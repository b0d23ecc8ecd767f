import { createSessions, type Session } from '@sessions/core'
import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import express from 'express'
import type { Session as ForeignSession } from 'express-session'
import { expectTypeOf } from 'vitest'

interface MyData {
  views: number
}

const mount = sessions(createSessions<MyData>({ engine: memoryEngine() }))

// The types of express-session win if a project has them; `mount.load(req)` has its own.
express()
  .use(mount)
  .get('/', async (req, res) => {
    expectTypeOf(req.session).toExtend<ForeignSession>()
    const session = await mount.load(req)
    expectTypeOf(session).toEqualTypeOf<Session<MyData>>()
    res.json(session.get('views', 0))
  })
