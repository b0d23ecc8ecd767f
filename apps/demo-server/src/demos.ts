import type { Sessions } from '@sessions/core'
import type { DemoData, LinksFor, Listener } from 'demo-page'

/** Makes the demo of a framework, for a server of `node:http`. */
export type Demo = (manager: Sessions<DemoData>, linksFor: LinksFor) => Listener | Promise<Listener>

/** A framework that there is a demo of. */
export interface Framework {
  /** How it is asked for: `--only hono`. */
  readonly name: string
  /** What people call it. */
  readonly title: string
  /** Loaded only when it is served: some frameworks take their time. */
  readonly load: () => Promise<Demo>
}

/** The frameworks that there is a demo of, in the order of their ports. */
export const frameworks: readonly Framework[] = [
  { name: 'hono', title: 'Hono', load: async () => (await import('demo-hono')).demo },
  { name: 'koa', title: 'Koa', load: async () => (await import('demo-koa')).demo },
  { name: 'express', title: 'Express', load: async () => (await import('demo-express')).demo },
  { name: 'nestjs', title: 'NestJS', load: async () => (await import('demo-nestjs')).demo },
]
