import { memoryEngine } from '@sessions/memory'
import { describeStorm } from '@sessions/testing'
import { serveReferenceApp, serveReferenceAppOnFastify } from './reference-app.ts'
import { express, platforms } from './served.ts'

for (const [name, platform] of platforms) {
  describeStorm(name, {
    open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
    serve: platform === express ? serveReferenceApp : serveReferenceAppOnFastify,
  })
}
