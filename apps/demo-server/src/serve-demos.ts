import type { CookieEngine, SessionEngine } from '@sessions/core'
import type { LinksFor, Listener } from 'demo-page'
import { frameworks as allFrameworks, type Framework } from './demos.ts'
import { listen, type Listening } from './listen.ts'
import type { Address } from './options.ts'
import { overview } from './overview.ts'
import { openStore } from './store.ts'

/** The options of `serveDemos`. */
export interface DemosOptions extends Address {
  /** The engine that stores the sessions of all demos. */
  readonly engine: SessionEngine | CookieEngine
  /** How the overview names the store. */
  readonly store: string
  /** @default all frameworks */
  readonly frameworks?: readonly Framework[]
}

/** A served page. */
export interface Place {
  readonly title: string
  readonly url: string
}

/** The running demos. */
export interface ServedDemos {
  /** The demos, after the overview if there are several. */
  readonly places: readonly Place[]
  /** Answers the requests in flight and stops. */
  readonly close: () => Promise<void>
}

/**
 * Serves demos over one store: an overview on the first port, and a demo on each following one. A single demo is served
 * on the first port, without an overview.
 *
 * @throws {Error} if a port cannot be listened on; nothing is served then.
 */
export async function serveDemos({
  engine,
  store: where,
  hostname,
  port,
  frameworks = allFrameworks,
}: DemosOptions): Promise<ServedDemos> {
  const store = openStore(engine)
  const served: (Listening & { readonly title: string })[] = []
  const demos = (): typeof served => served.filter(({ title }) => title !== OVERVIEW)

  const linksFor: LinksFor = (host) =>
    demos().map(({ title, port }) => ({
      framework: title,
      href: `http://${nameOf(host)}:${port}/`,
    }))

  const add = async (title: string, listener: Listener): Promise<void> => {
    const next = port === 0 ? 0 : port + served.length
    served.push({ title, ...(await listen(listener, { hostname, port: next })) })
  }
  const close = async (): Promise<void> => {
    await Promise.all(served.map((server) => server.close()))
    await store.close()
  }

  try {
    if (frameworks.length > 1) await add(OVERVIEW, overview(linksFor, where))
    for (const { title, load } of frameworks) {
      const demo = await load()
      await add(title, await demo(store.manager, linksFor))
    }
  } catch (error) {
    await close()
    throw error
  }
  const places = served.map(({ title, port }) => ({ title, url: `http://localhost:${port}` }))
  return { places, close }
}

const OVERVIEW = 'Overview'

/** The host name that the visitor used: the cookie is bound to it, not to the machine's other names. */
function nameOf(host: string | undefined): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : 'localhost'
}
