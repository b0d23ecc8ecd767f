/* The reference app on Bun: `bun bun.ts '{"engine":"memory","flags":{}}'`. */
import { appOf, type Given } from './app.ts'

declare const Bun: {
  readonly argv: readonly string[]
  serve(options: object): { readonly url: URL }
}

const { fetch } = appOf(JSON.parse(Bun.argv[2] ?? '') as Given)
const { url } = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch })
// oxlint-disable-next-line no-console
console.log(`READY ${url.origin}`)
