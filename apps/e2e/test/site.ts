import { join } from 'node:path'
import { openSqliteFile, serveDemos } from 'demo-server'
import { onTestFinished } from 'vitest'
import { createHeldEngine, type HeldEngine } from './held-engine.ts'

/** The demos, served over a SQLite file. */
export interface Site {
  /** The page of a demo, or the overview. */
  url(title: string): string
  /** Where saves can be held. */
  readonly store: HeldEngine
  /** Ends all of it, the file stays. Done at the end of the test in any case. */
  close(): Promise<void>
}

/** Serves the demos on free ports over a file in a folder. */
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
      const place = demos.places.find((each) => each.title === title)
      if (place === undefined) throw new Error(`No page is called ${title}.`)
      return place.url
    },
  }
}
