import type { Contender, FrameworkName, StoreName } from './contender.ts'
import { engineOf } from './stores/engine-of.ts'

const serveOn: Readonly<
  Record<string, (engine: Awaited<ReturnType<typeof engineOf>>) => Promise<number>>
> = {
  http: async (engine) => (await import('./libraries/ours.ts')).oursOnNode(engine),
  express: async (engine) => (await import('./libraries/ours.ts')).oursOnExpress(engine),
  koa: async (engine) => (await import('./libraries/ours.ts')).oursOnKoa(engine),
  hono: async (engine) => (await import('./libraries/ours.ts')).oursOnHono(engine),
  nest: async (engine) => (await import('./libraries/ours.ts')).oursOnNest('express', engine),
  'nest-fastify': async (engine) =>
    (await import('./libraries/ours.ts')).oursOnNest('fastify', engine),
}

const ourOwn = (framework: FrameworkName, store: StoreName, quick: boolean): Contender => ({
  name: `sessions/${framework}/${store}`,
  kind: 'ours',
  library: `@sessions/${{ http: 'node', 'nest-fastify': 'nestjs', nest: 'nestjs' }[framework as 'http'] ?? framework}`,
  framework,
  store,
  quick,
  async serve(places) {
    const serve = serveOn[framework]
    if (serve === undefined) throw new Error(`There is no adapter for ${framework}.`)
    return serve(await engineOf(store, places, `sessions-${framework}`))
  },
})

const everywhere: readonly StoreName[] = [
  'memory',
  'redis',
  'redis:default',
  'redis:ioredis',
  'postgres',
  'sqlite',
  'file',
  'signed-cookie',
  'encrypted-cookie',
]

/** This library: every engine on `node:http`, and every adapter over memory and the stores that its peers have. */
export const ours: readonly Contender[] = [
  ...everywhere.map((store) =>
    ourOwn('http', store, ['memory', 'redis', 'encrypted-cookie'].includes(store)),
  ),
  ...(['memory', 'redis', 'postgres', 'sqlite', 'file', 'signed-cookie'] as const).map((store) =>
    ourOwn('express', store, ['memory', 'redis'].includes(store)),
  ),
  ...(['memory', 'redis', 'postgres', 'signed-cookie'] as const).map((store) =>
    ourOwn('koa', store, store === 'memory'),
  ),
  ...(['memory', 'redis', 'encrypted-cookie'] as const).map((store) =>
    ourOwn('hono', store, store === 'memory'),
  ),
  ...(['memory', 'redis'] as const).map((store) => ourOwn('nest', store, store === 'memory')),
  ourOwn('nest-fastify', 'memory', false),
]
