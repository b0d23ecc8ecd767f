import { createSessions } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { contenderNamed } from '../../contenders/contenders.ts'
import { freshPayload } from '../../contenders/payload.ts'
import { createConnection } from '../../http/connection.ts'

/** Something that keeps sessions in the memory of this process. */
export interface Keeper {
  /** Stores `count` more sessions. */
  keep(count: number): Promise<void>
  /** Lets all sessions expire and purges them; absent if the library cannot do that. */
  purge?(): Promise<unknown>
}

/** The name of the keeper that uses this library without a server, so that the clock can be moved forward. */
export const OWN = 'manager.open()'

/** The keeper of that name: `OWN`, or a contender, which creates its sessions as clients visit it. */
export const keeperNamed = async (name: string): Promise<Keeper> =>
  name === OWN ? own() : contender(name)

function own(): Keeper {
  let now = Date.now()
  const clock = { now: () => now }
  const engine = memoryEngine({ maxEntries: 1_000_000, sweepInterval: 0, clock })
  const manager = createSessions({ engine, clock })
  return {
    async keep(count) {
      for (let kept = 0; kept < count; kept += 1) {
        const session = manager.open()
        session.update(freshPayload())
        await session.save()
      }
    },
    purge() {
      now += 30 * 86_400_000
      return manager.clearExpired()
    },
  }
}

const CONNECTIONS = 4

async function contender(name: string): Promise<Keeper> {
  const port = await contenderNamed(name).serve({
    redis: '',
    postgres: '',
    memcached: '',
    folder: '',
  })
  const connections = Array.from({ length: CONNECTIONS }, () => createConnection(port))
  return {
    async keep(count) {
      let left = count
      const goOn = (): boolean => {
        left -= 1
        return left >= CONNECTIONS
      }
      await Promise.all(
        connections.map(async (connection) => {
          await connection.open()
          // Each request without a cookie creates a session.
          await connection.run({ path: '/seed', withCookie: false }, goOn)
        }),
      )
    },
  }
}
