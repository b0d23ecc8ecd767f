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
  quick: store === 'memory' || (framework === 'http' && inQuick.includes(store)),
  async serve(places) {
    const { minimumOnExpress, minimumOnHttp } = await import('./minimum/minimum.ts')
    const keeper = await keeperOf(store, places, framework)
    return framework === 'http' ? minimumOnHttp(keeper) : minimumOnExpress(keeper)
  },
})

async function keeperOf(store: StoreName, places: Places, name: string): Promise<Keeper> {
  const { inEncryptedCookie, inSignedCookie, inStore } = await import('./minimum/keepers.ts')
  if (store === 'signed-cookie') return inSignedCookie
  if (store === 'encrypted-cookie') return inEncryptedCookie
  return inStore(await kvOf(store, places, `minimum-${name}`))
}

const inQuick: readonly StoreName[] = ['redis', 'encrypted-cookie']

const kept: readonly StoreName[] = [
  'memory',
  'redis',
  'postgres',
  'sqlite',
  'signed-cookie',
  'encrypted-cookie',
]

/** About the least that would do, written by hand. */
export const minimums: readonly Contender[] = [
  ...kept.map((store) => minimumOf('http', store)),
  ...kept
    .filter((store) => store !== 'encrypted-cookie')
    .map((store) => minimumOf('express', store)),
]
