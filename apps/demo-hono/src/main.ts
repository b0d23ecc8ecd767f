import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { explain, readAddress } from './address.ts'
import { demo } from './app.ts'
import { openStore } from './store.ts'

const file = fileURLToPath(new URL('../../../.data/sessions.db', import.meta.url))

async function main(): Promise<void> {
  const address = readAddress(process.argv.slice(2), process.env)
  const store = await openStore(file)

  const server = serve({ fetch: demo(store.manager).fetch, ...address }, ({ port }) => {
    console.log(`The demo is at http://localhost:${port} (Ctrl-C stops it)`)
  })
  server.on('error', (error) => {
    store.close()
    fail(explain(error, address))
  })

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => server.close(() => store.close()))
  }
}

function fail(reason: string): void {
  console.error(reason)
  process.exitCode = 1
}

main().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))
