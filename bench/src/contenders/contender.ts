import type { Places } from './places.ts'

/** What carries sessions, or nothing but requests. */
export type FrameworkName =
  | 'http'
  | 'express'
  | 'koa'
  | 'hono'
  | 'fastify'
  | 'nest'
  | 'nest-fastify'

/** Where sessions are kept. What follows the colon tells clients of the same store apart. */
export type StoreName =
  | 'none'
  | 'memory'
  | 'memory:memorystore'
  | 'redis'
  | 'redis:default'
  | 'redis:ioredis'
  | 'memcached'
  | 'postgres'
  | 'sqlite'
  | 'file'
  | 'signed-cookie'
  | 'encrypted-cookie'

/** Bare: a framework alone. Floor: the bare client of a store. Minimum: written by hand. Peer: others. Ours: this one. */
export type Kind = 'bare' | 'floor' | 'minimum' | 'peer' | 'ours'

/** What is measured. */
export interface Contender {
  readonly name: string
  readonly kind: Kind
  readonly library: string
  readonly framework: FrameworkName
  readonly store: StoreName
  /** Part of `--quick`. */
  readonly quick: boolean
  /** Starts it in this process; resolves the port. */
  readonly serve: (places: Places) => Promise<number>
}

/** The store without what tells its clients apart. */
export const familyOf = (store: string): string => store.split(':', 1)[0] ?? store
