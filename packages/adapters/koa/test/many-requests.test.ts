import { memoryEngine } from '@sessions/memory'
import { describeStorm } from '@sessions/testing'
import Koa from 'koa'
import { serveReferenceApp } from './reference-app.ts'

describeStorm('Koa', {
  open: ({ clock }) => ({ engine: memoryEngine({ clock }) }),
  serve: (options) => serveReferenceApp(options, Koa),
})
