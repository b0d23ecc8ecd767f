import { memoryEngine } from '@sessions/memory'
import { describeStorm } from '@sessions/testing'
import { serveReferenceApp } from './reference-app.ts'

describeStorm('Express', {
  open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
  serve: serveReferenceApp,
})
