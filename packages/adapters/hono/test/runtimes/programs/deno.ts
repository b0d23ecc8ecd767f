/* The reference app on Deno: `deno run --allow-net deno.ts '{"engine":"memory","flags":{}}'`. */
import { appOf, type Given } from './app.ts'

declare const Deno: {
  readonly args: readonly string[]
  serve(
    options: object,
    handler: ReturnType<typeof appOf>['fetch'],
  ): { readonly addr: { readonly port: number } }
}

const { fetch } = appOf(JSON.parse(Deno.args[0] ?? '') as Given)
const { addr } = Deno.serve({ hostname: '127.0.0.1', port: 0, onListen() {} }, fetch)
// oxlint-disable-next-line no-console
console.log(`READY http://127.0.0.1:${addr.port}`)
