/** How an application installs and mounts a library. */
export interface Mount {
  readonly name: string
  /** The packages that it takes, besides the framework. */
  readonly packages: readonly string[]
  /** Code that loads the framework. */
  readonly framework: string
  /** Code that imports and mounts the library. */
  readonly mount: string
}

const express = `const { default: express } = await import('express'); const app = express()`
const koa = `const { default: Koa } = await import('koa'); const app = new Koa()`
const hono = `const { Hono } = await import('hono'); const app = new Hono()`
const fastify = `const { default: fastify } = await import('fastify'); const app = fastify()`
const nest = `await import('@nestjs/core'); await import('@nestjs/platform-express')`

const ours = (adapter: string, framework: string, use: string): Mount => ({
  name: `@sessions/${adapter}`,
  packages: ['@sessions/core', `@sessions/${adapter}`, '@sessions/memory'],
  framework,
  mount: `const mounted = await import('@sessions/${adapter}')
    const { memoryEngine } = await import('@sessions/memory')
    const settings = { engine: memoryEngine() }
    ${use}`,
})

/** The libraries, with their memory stores. */
export const mounts: readonly Mount[] = [
  ours('node', `await import('node:http')`, 'mounted.sessions(settings)'),
  ours('express', express, 'app.use(mounted.sessions(settings))'),
  {
    name: 'express-session',
    packages: ['express-session'],
    framework: express,
    mount: `const { default: session } = await import('express-session')
      app.use(session({ secret: 'secret', resave: false, saveUninitialized: false }))`,
  },
  ours('koa', koa, 'app.use(mounted.sessions(settings))'),
  {
    name: 'koa-session',
    packages: ['koa-session'],
    framework: koa,
    mount: `const { default: session } = await import('koa-session')
      app.keys = ['secret']
      app.use(session({}, app))`,
  },
  ours('hono', hono, `app.use('*', mounted.sessions(settings))`),
  {
    name: 'hono-sessions',
    packages: ['hono-sessions'],
    framework: hono,
    mount: `const { sessionMiddleware, MemoryStore } = await import('hono-sessions')
      app.use('*', sessionMiddleware({ store: new MemoryStore() }))`,
  },
  ours('nestjs', nest, 'mounted.SessionsModule.forRoot(settings)'),
  {
    name: '@fastify/session',
    packages: ['@fastify/session', '@fastify/cookie'],
    framework: fastify,
    mount: `app.register((await import('@fastify/cookie')).default)
      app.register((await import('@fastify/session')).default, { secret: 's'.repeat(32) })
      await app.ready()`,
  },
  {
    name: 'iron-session',
    packages: ['iron-session'],
    framework: `await import('node:http')`,
    mount: `await import('iron-session')`,
  },
]
