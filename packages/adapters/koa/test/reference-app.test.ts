import { memoryEngine } from '@sessions/memory'
import { describeAdapter } from '@sessions/testing'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import { serveReferenceApp } from './reference-app.ts'

for (const [name, Koa] of Object.entries({ 'Koa 2': Koa2, 'Koa 3': Koa3 })) {
  describeAdapter(`${name} over memory`, {
    open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
    serve: (options) => serveReferenceApp(options, Koa),
  })
}
