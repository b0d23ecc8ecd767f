import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepServer } from '../../../scripts/services/keep-server.ts'
import { services, type ServiceName } from '../../../scripts/services/services.ts'

/** A server or folder for a store, available until `close` is called. */
export interface Place {
  /** The URL of its server, or a folder. */
  readonly place: string
  readonly close: () => Promise<void>
}

/** Provides what a store needs: a server, or a temporary folder. */
export async function placeOf(store: string): Promise<Place> {
  if (Object.hasOwn(services, store)) {
    const { url, close } = await keepServer(store as ServiceName)
    return { place: url, close }
  }
  const place = mkdtempSync(join(tmpdir(), 'sessions-bench-'))
  const remove = (): void => rmSync(place, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    place,
    async close() {
      process.off('exit', remove)
      remove()
    },
  }
}
