import { createAdaptorServer } from '@hono/node-server'
import {
  listen,
  referenceApp,
  referenceServerOptions,
  type ReferenceAppOptions,
  type ReferenceServer,
} from '@sessions/testing/reference-app'
import type { Server } from 'node:http'
import { createReferenceApp } from './create-reference-app.ts'

/** Starts the reference app on Node. */
export function serveReferenceApp(options: ReferenceAppOptions): Promise<ReferenceServer> {
  const { fetch } = createReferenceApp(referenceApp(options))
  const server = createAdaptorServer({ fetch, serverOptions: referenceServerOptions })
  return listen(server as Server, options.port)
}
