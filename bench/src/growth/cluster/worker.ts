/* Stores sessions in a Redis Cluster, and asks its masters for keys, memory and errors. */
import { createSessions } from '@sessions/core'
import { redisEngine } from '@sessions/redis'
import { createClient, createCluster } from 'redis'
import { freshPayload } from '../../contenders/payload.ts'
import { answerQuestions } from '../../worker/answer.ts'

/** A question to the worker. */
export interface Question {
  /** The URL of a node. */
  readonly place: string
  readonly sessions: number
}

/** What changed on a master. */
export interface Master {
  readonly sessions: number
  readonly bytes: number
  /** Commands refused because their keys are in several slots. */
  readonly crossSlot: number
  /** Commands refused because their key is on another master. */
  readonly moved: number
}

const IN_FLIGHT = 64

answerQuestions(async ({ place, sessions }: Question): Promise<readonly Master[]> => {
  const cluster = createCluster({ rootNodes: [{ url: place }] })
  await cluster.connect()
  const nodes = cluster.masters.map(({ address }) => createClient({ url: `redis://${address}` }))
  await Promise.all(nodes.map((node) => node.connect()))
  const infos = async (): Promise<readonly Info[]> => Promise.all(nodes.map(infoOf))

  const before = await infos()
  const manager = createSessions({ engine: redisEngine(cluster) })
  let left = sessions
  const visitor = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const session = manager.open()
      session.update(freshPayload())
      await session.save()
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, visitor))
  const after = await infos()

  for (const node of nodes) node.destroy()
  cluster.destroy()
  return after.map((info, index) => difference(info, before[index] ?? info))
})

type Info = Readonly<Record<'keys' | 'memory' | 'crossSlot' | 'moved', number>>

async function infoOf(node: {
  info(): Promise<unknown>
  dbSize(): Promise<number>
}): Promise<Info> {
  const text = String(await node.info())
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)
  return {
    keys: await node.dbSize(),
    memory: number(/used_memory:(\d+)/),
    crossSlot: number(/errorstat_CROSSSLOT:count=(\d+)/),
    moved: number(/errorstat_MOVED:count=(\d+)/),
  }
}

function difference(after: Info, before: Info): Master {
  return {
    sessions: after.keys - before.keys,
    bytes: after.memory - before.memory,
    crossSlot: after.crossSlot - before.crossSlot,
    moved: after.moved - before.moved,
  }
}
