import type { Contender, FrameworkName } from './contender.ts'
import { floors } from './floors.ts'
import { minimums } from './minimums.ts'
import { ours } from './ours.ts'
import { peers } from './peers.ts'

const bare = (framework: FrameworkName, serve: Contender['serve']): Contender => ({
  name: `bare/${framework}`,
  kind: 'bare',
  library: '–',
  framework,
  store: 'none',
  quick: true,
  serve,
})

/** All contenders, bare frameworks first. */
export const contenders: readonly Contender[] = [
  bare('http', async () => (await import('./frameworks/http.ts')).serveHttp()),
  bare('express', async () => (await import('./frameworks/express.ts')).serveExpress()),
  bare('koa', async () => (await import('./frameworks/koa.ts')).serveKoa()),
  bare('hono', async () => (await import('./frameworks/hono.ts')).serveHono()),
  bare('fastify', async () => (await import('./frameworks/fastify.ts')).serveFastify()),
  bare('nest', async () => (await import('./frameworks/nest.ts')).serveNest('express')),
  bare('nest-fastify', async () => (await import('./frameworks/nest.ts')).serveNest('fastify')),
  ...floors,
  ...minimums,
  ...ours,
  ...peers,
]

/**
 * Finds a contender by name.
 *
 * @throws {Error} if there is none.
 */
export function contenderNamed(name: string): Contender {
  const found = contenders.find((contender) => contender.name === name)
  if (found === undefined) throw new Error(`There is no contender named ${name}.`)
  return found
}
