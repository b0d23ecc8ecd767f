import type { Places } from './places.ts'

/** The frameworks that contenders run on. */
export type FrameworkName =
  | 'http'
  | 'express'
  | 'koa'
  | 'hono'
  | 'fastify'
  | 'nest'
  | 'nest-fastify'

/** Where sessions are kept. The suffix after the colon names the client, where a store is measured with several. */
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

/**
 * - `bare`: the framework without sessions.
 * - `floor`: only what a session cannot do without: a store's commands, or response headers.
 * - `minimum`: a minimal session written by hand.
 * - `peer`: another session library.
 * - `ours`: this library.
 */
export type Kind = 'bare' | 'floor' | 'minimum' | 'peer' | 'ours'

/** A server that the benchmark measures. */
export interface Contender {
  readonly name: string
  readonly kind: Kind
  readonly library: string
  readonly framework: FrameworkName
  readonly store: StoreName
  /** Whether `--quick` includes it. */
  readonly quick: boolean
  /** Starts the server in this process; resolves to its port. */
  readonly serve: (places: Places) => Promise<number>
}

/** The store's name without the client suffix: `redis` for `redis:ioredis`. */
export const familyOf = (store: string): string => store.split(':', 1)[0] ?? store
