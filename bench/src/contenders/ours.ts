import type { Contender, FrameworkName, StoreName } from './contender.ts'
import { engineOf } from './stores/engine-of.ts'

const packages: Readonly<Partial<Record<FrameworkName, string>>> = {
  http: '@sessions/node',
  nest: '@sessions/nestjs',
  'nest-fastify': '@sessions/nestjs',
}

const ourOwn = (framework: FrameworkName, store: StoreName, quick: boolean): Contender => ({
  name: `sessions/${framework}/${store}`,
  kind: 'ours',
  library: packages[framework] ?? `@sessions/${framework}`,
  framework,
  store,
  quick,
  async serve(places) {
    const library = await import('./libraries/ours.ts')
    return library.ours(framework, await engineOf(store, places, `sessions-${framework}`))
  },
})

const everywhere: readonly StoreName[] = [
  'memory',
  'redis',
  'redis:default',
  'redis:ioredis',
  'memcached',
  'postgres',
  'sqlite',
  'file',
  'signed-cookie',
  'encrypted-cookie',
]

/** This library: every engine on `node:http`, and every adapter over memory and the stores that its peers are measured with. */
export const ours: readonly Contender[] = [
  ...everywhere.map((store) =>
    ourOwn('http', store, ['memory', 'redis', 'encrypted-cookie'].includes(store)),
  ),
  ...(['memory', 'redis', 'memcached', 'postgres', 'sqlite', 'file', 'signed-cookie'] as const).map(
    (store) => ourOwn('express', store, store === 'memory'),
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
