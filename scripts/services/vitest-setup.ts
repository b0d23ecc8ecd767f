import type { ProvidedContext } from 'vitest'
import type { TestProject } from 'vitest/node'
import { djangoPython } from './django.ts'
import { keepServer, type KeptServer } from './keep-server.ts'
import type { ServiceName } from './services.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The servers that the project's tests need. */
    needs: readonly Need[]
    /** The URLs of those servers, by name; for `django`, the path of a Python that has it. */
    services: Readonly<Partial<Record<Need, string>>>
  }
}

/** A server that a project can need, or Django. */
export type Need = ServiceName | 'django'

/** A server, or why there is none. */
type Found = KeptServer | { readonly reason: string }

/** A server, and the number of projects that use it. On globalThis, since each project loads this module anew. */
interface Shared {
  readonly server: Promise<Found>
  users: number
}

const key: unique symbol = Symbol.for('sessions.test-servers') as never
const shared = ((globalThis as { [key]?: Map<Need, Shared> })[key] ??= new Map())

/**
 * Starts the servers that the project needs, each once for all projects of the run. Returns the teardown. If one cannot be
 * started, only the tests that need it fail; the reason is printed before and after the tests.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { needs = [] } = project.config.provide
  const found = await Promise.all(needs.map(async (name) => [name, await share(name)] as const))
  const urls = found.flatMap(([name, server]) => ('url' in server ? [[name, server.url]] : []))
  const provided: ProvidedContext['services'] = Object.fromEntries(urls)
  project.provide('services', provided)
  return async () => {
    await Promise.all(needs.map(release))
  }
}

async function share(name: Need): Promise<Found> {
  const entry = shared.get(name) ?? { server: open(name), users: 0 }
  shared.set(name, entry)
  entry.users += 1
  return entry.server
}

async function open(name: Need): Promise<Found> {
  try {
    if (name !== 'django') return await keepServer(name)
    return { url: await djangoPython(), close: async () => undefined }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.exitCode = 1
    console.error(`\n${reason}\nThe tests that need it fail.`)
    return { reason }
  }
}

async function release(name: Need): Promise<void> {
  const entry = shared.get(name)
  if (entry === undefined) return
  entry.users -= 1
  if (entry.users > 0) return
  shared.delete(name)
  const server = await entry.server
  if ('url' in server) await server.close()
  else console.error(server.reason)
}
