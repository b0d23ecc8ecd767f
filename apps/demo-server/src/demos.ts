import type { Sessions } from '@sessions/core'
import type { DemoData, LinksFor, Listener } from 'demo-page'

/** Creates the demo of a framework, as a request listener. */
export type Demo = (manager: Sessions<DemoData>, linksFor: LinksFor) => Listener | Promise<Listener>

/** A framework with a demo. */
export interface Framework {
  /** Its name in `--only`. */
  readonly name: string
  /** Its name in pages and messages. */
  readonly title: string
  /** Imports the demo; only on demand, since some frameworks load slowly. */
  readonly load: () => Promise<Demo>
}

/** The frameworks with a demo, in the order of their ports. */
export const frameworks: readonly Framework[] = [
  { name: 'hono', title: 'Hono', load: async () => (await import('demo-hono')).demo },
  { name: 'koa', title: 'Koa', load: async () => (await import('demo-koa')).demo },
  { name: 'express', title: 'Express', load: async () => (await import('demo-express')).demo },
  { name: 'nestjs', title: 'NestJS', load: async () => (await import('demo-nestjs')).demo },
]
