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

/** The same client, with the commands that the engine of this library gives it. */
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

/** A framework that sends the cookie of a session. */
const cookieOn = (framework: FrameworkName, alone: boolean): Contender => ({
  name: `floor/${framework}/${alone ? 'set-cookie' : 'headers'}`,
  kind: 'floor',
  library: alone ? 'Set-Cookie alone' : 'Set-Cookie, Vary, Cache-Control',
  framework,
  store: 'none',
  quick: framework !== 'nest-fastify',
  async serve() {
    const { headerFloor } = await import('./minimum/floor.ts')
    return headerFloor(framework, alone)
  },
})

const stores: Readonly<Partial<Record<FrameworkName, readonly StoreName[]>>> = {
  http: ['redis', 'redis:default', 'redis:ioredis', 'memcached', 'postgres', 'sqlite'],
  express: ['redis', 'memcached', 'postgres', 'sqlite'],
  koa: ['redis', 'postgres'],
  hono: ['redis'],
  nest: ['redis'],
}

/** What no library can do without: commands, and headers. */
export const floors: readonly Contender[] = [
  ...Object.entries(stores).flatMap(([framework, kept]) =>
    kept.map((store) => clientOn(framework as FrameworkName, store)),
  ),
  ...(['redis', 'redis:ioredis', 'postgres', 'sqlite'] as const).map(ourCommands),
  ...(['http', 'express', 'koa', 'hono', 'nest', 'nest-fastify'] as const).flatMap((framework) => [
    cookieOn(framework, true),
    cookieOn(framework, false),
  ]),
]
