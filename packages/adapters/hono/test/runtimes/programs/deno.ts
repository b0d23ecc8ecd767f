/* The reference app on Deno: `deno run --allow-net deno.ts '{"engine":"memory","flags":{}}'`. */
import type { SqliteDatabase } from '@sessions/db/sqlite'
import { appOf, engines, type Given } from './app.ts'
import { openSqlite } from './sqlite.ts'

declare const Deno: {
  readonly args: readonly string[]
  serve(
    options: object,
    handler: ReturnType<typeof appOf>['fetch'],
  ): { readonly addr: { readonly port: number } }
}

/** Not in the types of Node 20 yet. */
const SQLITE = 'node:sqlite'

const { engine, flags } = JSON.parse(Deno.args[0] ?? '') as Given
const { DatabaseSync } = (await import(SQLITE)) as {
  DatabaseSync: new (path: string) => SqliteDatabase
}
const { fetch } = appOf(
  engine === 'sqlite' ? await openSqlite(DatabaseSync) : engines[engine](),
  flags,
)
const { addr } = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, fetch)
// oxlint-disable-next-line no-console
console.log(`READY http://127.0.0.1:${addr.port}`)
