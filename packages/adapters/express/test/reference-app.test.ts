import { memoryEngine } from '@sessions/memory'
import { describeAdapter } from '@sessions/testing'
import { serveWith } from './reference-app.ts'
import { expresses } from './support/expresses.ts'

for (const [name, express] of Object.entries(expresses)) {
  describeAdapter(`${name} over memory`, {
    open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
    serve: (options) => serveWith(express, options),
  })
}
