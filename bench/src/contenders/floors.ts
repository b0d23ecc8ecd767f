import type { Contender, FrameworkName, StoreName } from './contender.ts'
import { kvOf } from './stores/kv-of.ts'

/** The bare client of a store on a framework. */
const clientOn = (framework: FrameworkName, store: StoreName): Contender => ({
  name: `floor/${framework}/${store}`,
  kind: 'floor',
  library: 'bare client',
  framework,
  store,
  quick: framework === 'http' && store === 'redis',
  async serve(places) {
    const { commandFloor } = await import('./minimum/floor.ts')
    const { plainCommands } = await import('./minimum/commands.ts')
    const kv = await kvOf(store, places, `floor-${framework}-${store}`)
    return commandFloor(framework, plainCommands(kv))
  },
})

/** The bare client, replaying the commands that this library's engine sends. */
const ourCommands = (store: StoreName): Contender => ({
  name: `floor/http/${store}:ours`,
  kind: 'floor',
  library: 'bare client, our commands',
  framework: 'http',
  store,
  quick: store === 'redis',
  async serve(places) {
    const { commandFloor } = await import('./minimum/floor.ts')
    const { engineCommands } = await import('./minimum/engine-commands.ts')
    return commandFloor('http', await engineCommands(store, places))
  },
})

/** A framework that sends a session cookie: Set-Cookie only, or with the two caching headers that should go with it. */
const cookieOn = (framework: FrameworkName, cookieOnly: boolean): Contender => ({
  name: `floor/${framework}/${cookieOnly ? 'set-cookie' : 'headers'}`,
  kind: 'floor',
  library: cookieOnly ? 'Set-Cookie alone' : 'Set-Cookie, Vary, Cache-Control',
  framework,
  store: 'none',
  quick: framework !== 'nest-fastify',
  async serve() {
    const { headerFloor } = await import('./minimum/floor.ts')
    return headerFloor(framework, cookieOnly)
  },
})

const stores: Readonly<Partial<Record<FrameworkName, readonly StoreName[]>>> = {
  http: ['redis', 'redis:default', 'redis:ioredis', 'memcached', 'postgres', 'sqlite'],
  express: ['redis', 'memcached', 'postgres', 'sqlite'],
  koa: ['redis', 'postgres'],
  hono: ['redis'],
  nest: ['redis'],
}

/** What no session library can avoid: the store's commands, and the headers of a response that sends a cookie. */
export const floors: readonly Contender[] = [
  ...Object.entries(stores).flatMap(([framework, names]) =>
    names.map((store) => clientOn(framework as FrameworkName, store)),
  ),
  ...(['redis', 'redis:ioredis', 'postgres', 'sqlite'] as const).map(ourCommands),
  ...(['http', 'express', 'koa', 'hono', 'nest', 'nest-fastify'] as const).flatMap((framework) => [
    cookieOn(framework, true),
    cookieOn(framework, false),
  ]),
]
