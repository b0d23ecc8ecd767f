import { memoryEngine } from '@sessions/memory'
import { describeAdapter, type AdapterSubject } from '@sessions/testing'
import { serveReferenceApp, serveReferenceAppOnFastify } from './reference-app.ts'

const open: AdapterSubject['open'] = ({ clock }) => ({ engine: memoryEngine({ clock }) })

describeAdapter('Nest 11 on Express over memory', { open, serve: serveReferenceApp })
describeAdapter('Nest 11 on Fastify over memory', { open, serve: serveReferenceAppOnFastify })
