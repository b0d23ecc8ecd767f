import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openSqliteFile, serveDemos, type Framework } from '../src/index.ts'

/** A demo over a SQLite file of its own, running during the tests of a `describe`. */
export interface ServedDemo {
  readonly url: string
  /** Stops the server and starts another one over the same file. */
  restart(): Promise<void>
}

/** Registers hooks that serve the demo of a framework. */
export function useDemo(framework: Framework): ServedDemo {
  let folder: string
  let url = ''
  let stop: () => Promise<void>

  const start = async (): Promise<void> => {
    const file = await openSqliteFile(join(folder, 'data', 'sessions.db'))
    const demos = await serveDemos({
      engine: file.engine,
      store: 'a file',
      hostname: '127.0.0.1',
      port: 0,
      frameworks: [framework],
    })
    url = demos.places[0]?.url ?? ''
    stop = async () => {
      await demos.close()
      file.close()
    }
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'demo-'))
    await start()
  })

  afterAll(async () => {
    await stop()
    rmSync(folder, { recursive: true })
  })

  return {
    get url() {
      return url
    },
    async restart() {
      await stop()
      await start()
    },
  }
}
