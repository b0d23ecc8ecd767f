import 'reflect-metadata'
import type { DynamicModule, INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { SessionsModule } from '@sessions/nestjs'
import {
  listen,
  referenceApp,
  referenceServerOptions,
  type ReferenceAppOptions,
  type ReferenceServer,
} from '@sessions/testing/reference-app'
import { createServer } from 'node:http'
import { PAUSE, ReferenceController } from './reference-controller.ts'

class ReferenceModule {}

function referenceModule(options: ReferenceAppOptions): DynamicModule {
  const { settings, eager, pause } = referenceApp(options)
  return {
    module: ReferenceModule,
    imports: [SessionsModule.forRoot(settings, { eager })],
    controllers: [ReferenceController],
    providers: [{ provide: PAUSE, useValue: pause }],
  }
}

/** Starts the reference app on Express. */
export async function serveReferenceApp(options: ReferenceAppOptions): Promise<ReferenceServer> {
  const app = await NestFactory.create(referenceModule(options), new ExpressAdapter(), QUIET)
  await app.init()
  // Nest's own server accepts only 16 KB of headers.
  const server = createServer(referenceServerOptions, app.getHttpAdapter().getInstance())
  return closing(app, await listen(server, options.port))
}

/** Starts it on Fastify. */
export async function serveReferenceAppOnFastify(
  options: ReferenceAppOptions,
): Promise<ReferenceServer> {
  const adapter = new FastifyAdapter({ http: referenceServerOptions, forceCloseConnections: true })
  const app = await NestFactory.create(referenceModule(options), adapter, QUIET)
  await app.listen(options.port ?? 0, '127.0.0.1')
  return closing(app, { url: await app.getUrl(), close: async () => {} })
}

const QUIET = { logger: false } as const

function closing(app: INestApplication, server: ReferenceServer): ReferenceServer {
  return {
    url: server.url,
    async close() {
      await server.close()
      await app.close()
    },
  }
}
