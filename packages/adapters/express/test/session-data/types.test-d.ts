import type { Session } from '@sessions/core'
import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import express from 'express'
import { expectTypeOf } from 'vitest'

declare module '@sessions/core' {
  interface SessionData {
    userId: string
    views: number
  }
}

// The augmented `SessionData` is the data of every session.
express()
  .use(sessions({ engine: memoryEngine() }))
  .get('/', async (req, res) => {
    const session = await req.session.load()
    expectTypeOf(session).toEqualTypeOf<Session>()
    expectTypeOf(session.get('views', 0)).toEqualTypeOf<number>()
    // @ts-expect-error no such key
    session.set('nobody', 1)
    res.end()
  })
