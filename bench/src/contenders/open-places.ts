import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepServer, type KeptServer } from '../../../scripts/services/keep-server.ts'
import type { ServiceName } from '../../../scripts/services/services.ts'
import { familyOf } from './contender.ts'
import type { Places } from './places.ts'

/** Stores that are ready for use until `close` is called. */
export interface OpenPlaces {
  readonly places: Places
  close(): Promise<void>
}

const servers: Readonly<Record<string, ServiceName>> = {
  redis: 'redis',
  postgres: 'postgres',
  mysql: 'mysql',
  memcached: 'memcached',
}

/** Starts the servers that these stores need, unless the environment names running ones. They end with this process. */
export async function openPlaces(stores: readonly string[]): Promise<OpenPlaces> {
  const families = [...new Set(stores.map(familyOf))]
  const running = new Map<string, KeptServer>()
  for (const family of families) {
    const name = servers[family]
    if (name !== undefined) running.set(family, await keepServer(name))
  }
  const folder = mkdtempSync(join(tmpdir(), 'sessions-bench-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  process.on('exit', remove)
  const urlOf = (family: string): string => running.get(family)?.url ?? ''
  return {
    places: {
      redis: urlOf('redis'),
      postgres: urlOf('postgres'),
      mysql: urlOf('mysql'),
      memcached: urlOf('memcached').replace('memcached://', '').split(',')[0] ?? '',
      folder,
    },
    async close() {
      process.off('exit', remove)
      remove()
      await Promise.all([...running.values()].map((server) => server.close()))
    },
  }
}
