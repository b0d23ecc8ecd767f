import type { SessionEngine } from '@sessions/core'
import type { MaybePromise } from '../actions.ts'
import type { StoreName } from '../contender.ts'
import type { Places } from '../places.ts'
import { AGE } from '../stores/kv.ts'
import { randomId } from '../random-id.ts'
import { FIRST_TEXT, nextText, type Commands } from './commands.ts'
import { recorded, type Command } from './recorded.ts'

/** A key of 64 characters, as long as the SHA-256 digests that core uses as session ids. */
const newKey = (): string => `s=${randomId(31, 'hex')}`

/** The id, text and deadline of the recorded session. A replay substitutes its own values for them. */
const ID = newKey()
const TEXT = nextText()
const DEADLINE = inTwoWeeks()

function inTwoWeeks(): number {
  return Date.now() + AGE * 1000
}

/**
 * Records the commands that this library's engine sends to create, load and save one session, and returns functions that
 * replay them through the client alone, for other ids, texts and deadlines. A recorded save expects one version and
 * writes another, so replayed saves alternate between the two versions; otherwise their compare-and-set would fail.
 */
export async function engineCommands(store: StoreName, places: Places): Promise<Commands> {
  const sent: Command[] = []
  const engine = await engineOver(store, places, (command) => sent.push(command))
  /** The first command about the session that an engine call sends, and the call's answer. */
  const commandOf = async <Answer>(
    call: () => MaybePromise<Answer>,
  ): Promise<[Command, Answer]> => {
    sent.length = 0
    const answer = await call()
    const [command] = sent.filter(({ args }) => JSON.stringify(args).includes(ID))
    if (command === undefined) throw new Error(`The engine for ${store} sent no command to record.`)
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
  const [forth, back] = [replay(save), replay(swapped(save, first, second))]
  await back(ID)
  if ((await engine.load(ID))?.version !== first) {
    throw new Error(`Replaying the save of the engine for ${store} did not restore the version.`)
  }
  const isSecond = new Set<string>()
  return {
    newKey,
    create: replay(create),
    load: replay(load),
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

/** An engine whose client reports every call to `record`. */
async function engineOver(
  store: StoreName,
  places: Places,
  record: (command: Command) => void,
): Promise<SessionEngine> {
  switch (store) {
    case 'redis':
    case 'redis:ioredis': {
      const { redisEngine } = await import('@sessions/redis')
      const { ioredis, nodeRedisWithoutTimeout } = await import('../stores/redis.ts')
      const isNodeRedis = store === 'redis'
      const client = isNodeRedis ? await nodeRedisWithoutTimeout(places) : ioredis(places)
      return redisEngine(recorded(client, record) as never, { keyPrefix: 'floor:' })
    }
    case 'postgres': {
      const { postgresEngine } = await import('@sessions/db/postgres')
      const { postgresPool } = await import('../stores/postgres.ts')
      const { recordedPool } = await import('./recorded-pool.ts')
      const engine = postgresEngine(recordedPool(postgresPool(places), record))
      await engine.migrate()
      return engine
    }
    case 'sqlite': {
      const { sqliteEngine } = await import('@sessions/db/sqlite')
      const { sqliteDatabase } = await import('../stores/sqlite.ts')
      const engine = sqliteEngine(recorded(sqliteDatabase(places, 'floor-ours'), record) as never)
      await engine.migrate()
      return engine
    }
    default:
      throw new Error(`The commands of the engine for ${store} cannot be recorded.`)
  }
}

type Replay = (key: string) => MaybePromise<unknown>

/** Makes a function that sends a recorded command again, for the session of a given key. */
function replay({ args, run }: Command): Replay {
  const fills = args.map(filling)
  return (key) => run(fills.map((fill) => fill(key)))
}

type Fill = (key: string) => unknown

/** Makes a function that returns a recorded argument as it has to be for the session of a given key. */
function filling(value: unknown): Fill {
  if (value === DEADLINE) return inTwoWeeks
  if (typeof value === 'string') {
    return replacing(value, ID, (key) => key) ?? replacing(value, TEXT, nextText) ?? (() => value)
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

/** Makes a function that replaces `part` within `value`; undefined if `value` does not contain it. */
function replacing(
  value: string,
  part: string,
  replacement: (key: string) => string,
): Fill | undefined {
  const [before = '', after] = value.split(part)
  return after === undefined ? undefined : (key) => before + replacement(key) + after
}

/** The same command with the two versions exchanged. */
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
