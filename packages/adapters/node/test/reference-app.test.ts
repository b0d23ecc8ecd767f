import { memoryEngine } from '@sessions/memory'
import { describeAdapter } from '@sessions/testing'
import { serveOverHttp2 } from './http2-front.ts'
import { createReferenceApp, serveReferenceApp } from './reference-app.ts'

describeAdapter('node:http over memory', {
  open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
  serve: serveReferenceApp,
})

describeAdapter('node:http2 over memory', {
  open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
  serve: (options) => serveOverHttp2(createReferenceApp, options),
})
