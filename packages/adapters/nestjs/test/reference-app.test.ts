import { memoryEngine } from '@sessions/memory'
import { describeAdapter } from '@sessions/testing'
import { serveReferenceApp, serveReferenceAppOnFastify } from './reference-app.ts'
import { express, platforms } from './served.ts'

for (const [name, platform] of platforms) {
  describeAdapter(`${name} over memory`, {
    open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
    serve: platform === express ? serveReferenceApp : serveReferenceAppOnFastify,
  })
}
