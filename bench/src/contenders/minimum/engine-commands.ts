import type { SessionEngine } from '@sessions/core'
import type { MaybePromise } from '../actions.ts'
import type { StoreName } from '../contender.ts'
import type { Places } from '../places.ts'
import { AGE } from '../stores/kv.ts'
import { randomId } from '../random-id.ts'
import { FIRST_TEXT, nextText, type Commands } from './commands.ts'
import { recorded, type Command } from './recorded.ts'

/** A key as long as the digests are that core files sessions under. */
const newKey = (): string => `s=${randomId(31, 'hex')}`

/** The id of the session that is recorded, its text and its deadline: others are put in their places. */
const ID = newKey()
const TEXT = nextText()
const DEADLINE = inTwoWeeks()

function inTwoWeeks(): number {
  return Date.now() + AGE * 1000
}

/**
 * The commands of this library's engine, played by the client alone: the engine does its work once, and what it tells its
 * client is told again, for other sessions, other texts and later deadlines. Saves go forth and back between two versions,
 * so that each finds the one that it expects.
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
  const [create, created] = await commandOf(() =>
    engine.create(ID, { data: FIRST_TEXT, expiresAt: DEADLINE }),
  )
  const [load] = await commandOf(() => engine.load(ID))
  const first = versionOf(created)
  const [save, saved] = await commandOf(() =>
    engine.save(ID, { data: TEXT, expiresAt: DEADLINE }, first),
  )
  const second = versionOf(saved)
  const [forth, back] = [playing(save), playing(swapped(save, first, second))]
  await back(ID)
  if ((await engine.load(ID))?.version !== first) {
    throw new Error(`The commands of the engine for ${store} do not do again what they did.`)
  }
  const isSecond = new Set<string>()
  return {
    newKey,
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

type Fill = (key: string) => unknown

/** Makes what a command was given for the session of a key. */
function filling(value: unknown): Fill {
  if (value === DEADLINE) return inTwoWeeks
  if (typeof value === 'string') {
    return between(value, ID, (key) => key) ?? between(value, TEXT, nextText) ?? (() => value)
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

/** Puts something else into the place of a part; undefined where it is none. */
function between(value: string, part: string, other: (key: string) => string): Fill | undefined {
  const [before = '', after] = value.split(part)
  return after === undefined ? undefined : (key) => before + other(key) + after
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
