import type { Contender, FrameworkName, StoreName } from './contender.ts'
import type { Keeper } from './minimum/keepers.ts'
import type { Places } from './places.ts'
import { kvOf } from './stores/kv-of.ts'

const minimumOf = (framework: FrameworkName, store: StoreName): Contender => ({
  name: `minimum/${framework}/${store}`,
  kind: 'minimum',
  library: 'by hand',
  framework,
  store,
  quick:
    (store === 'memory' && framework !== 'nest-fastify') ||
    (framework === 'http' && inQuick.includes(store)),
  async serve(places) {
    const { serveMinimum } = await import('./minimum/serve-minimum.ts')
    return serveMinimum(framework, await keeperOf(store, places, framework))
  },
})

async function keeperOf(store: StoreName, places: Places, name: string): Promise<Keeper> {
  const { inEncryptedCookie, inSignedCookie, inStore } = await import('./minimum/keepers.ts')
  if (store === 'signed-cookie') return inSignedCookie
  if (store === 'encrypted-cookie') return inEncryptedCookie
  return inStore(await kvOf(store, places, `minimum-${name}`))
}

const inQuick: readonly StoreName[] = ['redis', 'encrypted-cookie']

const kept: Readonly<Partial<Record<FrameworkName, readonly StoreName[]>>> = {
  http: ['memory', 'redis', 'postgres', 'sqlite', 'signed-cookie', 'encrypted-cookie'],
  express: ['memory', 'redis', 'postgres', 'sqlite', 'signed-cookie'],
  koa: ['memory', 'redis', 'postgres', 'signed-cookie'],
  hono: ['memory', 'redis', 'encrypted-cookie'],
  nest: ['memory', 'redis'],
  'nest-fastify': ['memory'],
}

/** Minimal sessions written by hand: about the least code that still works. */
export const minimums: readonly Contender[] = Object.entries(kept).flatMap(([framework, stores]) =>
  stores.map((store) => minimumOf(framework as FrameworkName, store)),
)
