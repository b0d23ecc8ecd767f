import { memoryEngine } from '@sessions/memory'
import { describeAdapter } from '@sessions/testing'
import express5 from 'express'
import express4 from 'express4'
import { serveWith } from './reference-app.ts'

for (const [name, express] of Object.entries({ 'Express 4': express4, 'Express 5': express5 })) {
  describeAdapter(`${name} over memory`, {
    open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
    serve: (options) => serveWith(express, options),
  })
}
