import { memoryEngine } from '@sessions/memory'
import { describeStorm } from '@sessions/testing'
import { beforeEach, vi } from 'vitest'
import { serveReferenceApp } from './reference-app.ts'

// Hono's default error handler logs the errors that the app throws on purpose. A mock would keep them all in memory.
beforeEach(() => {
  vi.stubGlobal('console', { ...console, error() {} })
})

describeStorm('Hono on Node', {
  open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
  serve: serveReferenceApp,
})
