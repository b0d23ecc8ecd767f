import type { CookieEngine, SessionEngine } from '@sessions/core'
import type { LinksFor, Listener } from 'demo-page'
import { frameworks as allFrameworks, type Framework } from './demos.ts'
import { listen, type Listening } from './listen.ts'
import type { Address } from './options.ts'
import { overview } from './overview.ts'
import { openStore } from './store.ts'

/** What is to be served, and where. */
export interface DemosOptions extends Address {
  /** Where the sessions of all of them are kept. */
  readonly engine: SessionEngine | CookieEngine
  /** What the overview says of that. */
  readonly store: string
  /** All there are, where none are named. */
  readonly frameworks?: readonly Framework[]
}

/** A page that is served. */
export interface Place {
  readonly title: string
  readonly url: string
}

/** The demos, served. */
export interface ServedDemos {
  /** The overview, where there is more than one demo, and the demos. */
  readonly places: readonly Place[]
  /** Answers what was asked, and stops. */
  readonly close: () => Promise<void>
}

/**
 * Serves demos over one store: the overview at the first port, a demo at each of the next ones. One demo alone needs no
 * overview and is at the first port itself.
 *
 * @throws {Error} when a port is not to be had; nothing is served then.
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
    await Promise.all(served.map((each) => each.close()))
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

/** The name by which a visitor came here: the cookie belongs to that one, and to no other name of this machine. */
function nameOf(host: string | undefined): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : 'localhost'
}
