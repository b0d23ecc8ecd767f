import { join } from 'node:path'
import { openSqliteFile, serveDemos } from 'demo-server'
import { onTestFinished } from 'vitest'
import { createHeldEngine, type HeldEngine } from './held-engine.ts'

/** The running demos over a SQLite file. */
export interface Site {
  /** The URL of a demo by its title, or of the overview. */
  url(title: string): string
  /** The store, whose saves can be held. */
  readonly store: HeldEngine
  /** Stops the demos and keeps the file. Called after the test at the latest. */
  close(): Promise<void>
}

/** Serves the demos on free ports, over a SQLite file in a folder. */
export async function serveSite(folder: string): Promise<Site> {
  const file = await openSqliteFile(join(folder, 'sessions.db'))
  const store = createHeldEngine(file.engine)
  const demos = await serveDemos({
    engine: store.engine,
    store: 'a SQLite file',
    hostname: '127.0.0.1',
    port: 0,
  })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= demos.close().then(() => file.close()))
  onTestFinished(close)
  return {
    store,
    close,
    url(title) {
      const place = demos.places.find((page) => page.title === title)
      if (place === undefined) throw new Error(`There is no page with the title ${title}.`)
      return place.url
    },
  }
}
