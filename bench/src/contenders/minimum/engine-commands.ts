import type { SessionEngine } from '@sessions/core'
import type { MaybePromise } from '../actions.ts'
import type { StoreName } from '../contender.ts'
import type { Places } from '../places.ts'
import { AGE } from '../stores/kv.ts'
import { FIRST_TEXT, TEXT, type Commands } from './commands.ts'
import { recorded, type Command } from './recorded.ts'

/** The id of the session that is recorded. */
const ID = 'recorded'.padEnd(64, '0')

/**
 * The commands of this library's engine, played by the client alone: the engine does its work once, and what it tells its
 * client is told again, for other sessions. Saves go forth and back between two versions, so that each finds the one that
 * it expects.
 */
export async function engineCommands(store: StoreName, places: Places): Promise<Commands> {
  const heard: Command[] = []
  const engine = await engineOver(store, places, (command) => heard.push(command))
  /** The one command about the session that a call of the engine makes first. */
  const commandOf = async <Answer>(
    call: () => MaybePromise<Answer>,
  ): Promise<[Command, Answer]> => {
    heard.length = 0
    const answer = await call()
    const [command] = heard.filter(({ args }) => JSON.stringify(args).includes(ID))
    if (command === undefined) throw new Error(`The engine for ${store} told its client nothing.`)
    return [command, answer]
  }
  const expiresAt = Date.now() + AGE * 1000
  await engine.delete(ID)
  const [create, created] = await commandOf(() =>
    engine.create(ID, { data: FIRST_TEXT, expiresAt }),
  )
  const [load] = await commandOf(() => engine.load(ID))
  const first = versionOf(created)
  const [save, saved] = await commandOf(() => engine.save(ID, { data: TEXT, expiresAt }, first))
  const second = versionOf(saved)
  const [forth, back] = [playing(save), playing(swapped(save, first, second))]
  await back(ID)
  if ((await engine.load(ID))?.version !== first) {
    throw new Error(`The commands of the engine for ${store} do not do again what they did.`)
  }
  const isSecond = new Set<string>()
  return {
    create: playing(create),
    load: playing(load),
    save(key) {
      if (isSecond.delete(key)) return back(key)
      isSecond.add(key)
      return forth(key)
    },
  }
}

function versionOf(answer: { status: string; version?: string }): string {
  if (answer.version === undefined) throw new Error(`The engine answered ${answer.status}.`)
  return answer.version
}

/** An engine whose client is listened to. */
async function engineOver(
  store: StoreName,
  places: Places,
  hear: (command: Command) => void,
): Promise<SessionEngine> {
  switch (store) {
    case 'redis':
    case 'redis:ioredis': {
      const { redisEngine } = await import('@sessions/redis')
      const { ioredis, nodeRedisWithoutTimeout } = await import('../stores/redis.ts')
      const isNodeRedis = store === 'redis'
      const client = isNodeRedis ? await nodeRedisWithoutTimeout(places) : ioredis(places)
      return redisEngine(recorded(client, hear) as never, { keyPrefix: 'floor:' })
    }
    case 'postgres': {
      const { postgresEngine } = await import('@sessions/db/postgres')
      const { postgresPool } = await import('../stores/postgres.ts')
      const { recordedPool } = await import('./recorded-pool.ts')
      const engine = postgresEngine(recordedPool(postgresPool(places), hear))
      await engine.migrate()
      return engine
    }
    case 'sqlite': {
      const { sqliteEngine } = await import('@sessions/db/sqlite')
      const { sqliteDatabase } = await import('../stores/sqlite.ts')
      const engine = sqliteEngine(recorded(sqliteDatabase(places, 'floor-ours'), hear) as never)
      await engine.migrate()
      return engine
    }
    default:
      throw new Error(`Nobody listens to the client of ${store}.`)
  }
}

type Play = (key: string) => MaybePromise<unknown>

/** Does a command again for the session of a key. */
function playing({ args, run }: Command): Play {
  const fills = args.map(filling)
  return (key) => run(fills.map((fill) => fill(key)))
}

/** Makes what a command was given for the session of a key. */
function filling(value: unknown): (key: string) => unknown {
  if (typeof value === 'string') {
    const [before = '', after] = value.split(ID)
    return after === undefined ? () => value : (key) => before + key + after
  }
  if (Array.isArray(value)) {
    const fills = value.map(filling)
    return (key) => fills.map((fill) => fill(key))
  }
  if (typeof value !== 'object' || value === null || !JSON.stringify(value).includes(ID)) {
    return () => value
  }
  const fills = Object.entries(value).map(([name, each]) => [name, filling(each)] as const)
  return (key) => Object.fromEntries(fills.map(([name, fill]) => [name, fill(key)]))
}

/** The command that goes back from one version to the other. */
function swapped({ args, run }: Command, one: string, other: string): Command {
  const swap = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return value
        .split(one)
        .map((part) => part.replaceAll(other, one))
        .join(other)
    }
    if (Array.isArray(value)) return value.map(swap)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, swap(each)]))
  }
  return { args: args.map(swap), run }
}
