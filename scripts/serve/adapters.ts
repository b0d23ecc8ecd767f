import type { ServeReferenceApp } from '../../packages/testing/src/reference-app.ts'

/** The adapters whose reference app can be served, by name. Each is loaded only on demand. */
export const adapters: Readonly<Record<string, () => Promise<ServeReferenceApp>>> = {
  hono: async () =>
    (await import('../../packages/adapters/hono/test/reference-app.ts')).serveReferenceApp,
  koa: async () =>
    (await import('../../packages/adapters/koa/test/reference-app.ts')).serveReferenceApp,
  node: async () =>
    (await import('../../packages/adapters/node/test/reference-app.ts')).serveReferenceApp,
  express: async () =>
    (await import('../../packages/adapters/express/test/reference-app.ts')).serveReferenceApp,
  nestjs: async () =>
    (await import('../../packages/adapters/nestjs/test/reference-app.ts')).serveReferenceApp,
  'nestjs-fastify': async () =>
    (await import('../../packages/adapters/nestjs/test/reference-app.ts'))
      .serveReferenceAppOnFastify,
}
