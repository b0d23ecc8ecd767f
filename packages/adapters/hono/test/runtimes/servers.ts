import { startLeashed, type LeashedServer } from './leashed-server.ts'
import type { Given } from './programs/app.ts'
import type { Runtime } from './runtimes.ts'
import type { Stage } from './stage.ts'

/** The servers on a runtime: one process for each set of settings, shared by the cases, which do not disturb each other. */
export interface RuntimeServers {
  /** The URL of the app with these settings. The first call starts it. */
  url(given: Given): Promise<string>
  close(): Promise<void>
}

/** The servers on this runtime, none of which runs yet. */
export function serversOf(runtime: Runtime, stage: () => Stage): RuntimeServers {
  const servers = new Map<string, Promise<LeashedServer>>()
  const start = async (given: Given): Promise<LeashedServer> =>
    startLeashed(await runtime.program(stage(), given))
  return {
    async url(given) {
      const key = JSON.stringify(given)
      const server = servers.get(key) ?? start(given)
      servers.set(key, server)
      return (await server).url
    },
    async close() {
      await Promise.all([...servers.values()].map(async (server) => (await server).close()))
    },
  }
}
