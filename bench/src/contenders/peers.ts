import type { Contender, FrameworkName, StoreName } from './contender.ts'
import type { Places } from './places.ts'
import { connectStoreOf } from './stores/connect-store-of.ts'
import { kvOf } from './stores/kv-of.ts'

type Serve = (store: StoreName, places: Places, name: string) => Promise<number>

/** A peer library on one framework. */
interface Library {
  readonly library: string
  readonly framework: FrameworkName
  readonly stores: readonly StoreName[]
  readonly quick: readonly StoreName[]
  readonly serve: Serve
}

const libraries: readonly Library[] = [
  {
    library: 'express-session',
    framework: 'express',
    stores: [
      'memory',
      'memory:memorystore',
      'redis',
      'redis:default',
      'memcached',
      'postgres',
      'sqlite',
      'file',
    ],
    quick: ['memory'],
    async serve(store, places, name) {
      const { expressSession } = await import('./libraries/express-session.ts')
      return expressSession(await connectStoreOf(store, places, name))
    },
  },
  {
    library: 'express-session',
    framework: 'nest',
    stores: ['memory', 'redis'],
    quick: ['memory'],
    async serve(store, places, name) {
      const { nestExpressSession } = await import('./libraries/express-session.ts')
      return nestExpressSession(await connectStoreOf(store, places, name))
    },
  },
  {
    library: 'cookie-session',
    framework: 'express',
    stores: ['signed-cookie'],
    quick: [],
    serve: async () => (await import('./libraries/cookie-session.ts')).serveCookieSession(),
  },
  {
    library: 'koa-session',
    framework: 'koa',
    stores: ['signed-cookie', 'memory', 'redis', 'redis:default', 'postgres'],
    quick: ['memory'],
    async serve(store, places, name) {
      const { koaSession } = await import('./libraries/koa-session.ts')
      return koaSession(store === 'signed-cookie' ? undefined : await kvOf(store, places, name))
    },
  },
  {
    library: 'hono-sessions',
    framework: 'hono',
    stores: ['memory', 'redis', 'redis:default', 'encrypted-cookie'],
    quick: ['memory'],
    async serve(store, places, name) {
      const library = await import('./libraries/hono-sessions.ts')
      if (store === 'memory') return library.honoSessionsInMemory()
      if (store === 'encrypted-cookie') return library.honoSessionsInCookies()
      return library.honoSessions(await kvOf(store, places, name))
    },
  },
  {
    library: '@fastify/session',
    framework: 'fastify',
    stores: ['memory', 'redis', 'redis:default'],
    quick: ['memory'],
    async serve(store, places, name) {
      const { fastifySession } = await import('./libraries/fastify-session.ts')
      if (store === 'memory') return fastifySession()
      // @fastify/session takes the stores of express-session, but its types disagree about what may be undefined.
      return fastifySession({ store: (await connectStoreOf(store, places, name)) as never })
    },
  },
  {
    library: '@fastify/secure-session',
    framework: 'fastify',
    stores: ['encrypted-cookie'],
    quick: ['encrypted-cookie'],
    serve: async () => (await import('./libraries/fastify-session.ts')).fastifySecureSession(),
  },
  {
    library: 'iron-session',
    framework: 'http',
    stores: ['encrypted-cookie'],
    quick: [],
    serve: async () => (await import('./libraries/iron-session.ts')).ironSession(),
  },
]

/** The other session libraries, each over the stores that it supports. */
export const peers: readonly Contender[] = libraries.flatMap(
  ({ library, framework, stores, quick, serve }) =>
    stores.map((store): Contender => {
      const name = `${library}/${framework}/${store}`
      return {
        name,
        kind: 'peer',
        library,
        framework,
        store,
        quick: quick.includes(store),
        serve: (places) => serve(store, places, name),
      }
    }),
)
