/* The reference app on Bun: `bun bun.ts '{"engine":"memory","flags":{}}'`. */
import type { SqliteDatabase } from '@sessions/db/sqlite'
import { appOf, engines, type Given } from './app.ts'
import { openSqlite } from './sqlite.ts'

declare const Bun: {
  readonly argv: readonly string[]
  serve(options: object): { readonly url: URL }
}

/** Built into Bun, and so unknown to other compilers. */
const SQLITE = 'bun:sqlite'

const { engine, flags } = JSON.parse(Bun.argv[2] ?? '') as Given
const { Database } = (await import(SQLITE)) as { Database: new (path: string) => SqliteDatabase }
const { fetch } = appOf(engine === 'sqlite' ? await openSqlite(Database) : engines[engine](), flags)
const { url } = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch })
// oxlint-disable-next-line no-console
console.log(`READY ${url.origin}`)
