import type { Session } from '@sessions/core'
import { sessions } from '@sessions/express'
import { memoryEngine } from '@sessions/memory'
import express from 'express'
import { expectTypeOf } from 'vitest'

declare module '@sessions/express' {
  interface SessionsMounted {
    eager: true
  }
}

// Mounted eager: it is loaded.
express()
  .use(sessions({ engine: memoryEngine() }, { eager: true }))
  .get('/', (req, res) => {
    expectTypeOf(req.session).toEqualTypeOf<Session>()
    res.json(req.session.get('views', 0) + 1)
  })
