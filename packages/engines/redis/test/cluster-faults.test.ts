import { createSessions, type SessionRecord } from '@sessions/core'
import { Cluster } from 'ioredis'
import { readFile } from 'node:fs/promises'
import { createCluster } from 'redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectKept, expectUnavailable } from '../../../testing/test/support/expectations.ts'
import { startLoad } from '../../../testing/test/support/load.ts'
import { connectionLosses } from '../src/connection-losses.ts'
import { redisEngine } from '../src/index.ts'
import { clusters, type Connected } from './clients.ts'
import { ownCluster, until, type OwnCluster } from './own-cluster.ts'
import type { OwnServer } from './own-server.ts'
import { freshPrefix } from './services.ts'

const TIMEOUT = 180_000

const record = (data: string): SessionRecord => ({ data, expiresAt: Date.now() + 3_600_000 })

let cluster: OwnCluster
beforeAll(async () => {
  cluster = await ownCluster()
}, TIMEOUT)
afterAll(async () => cluster.close())

describe.each(Object.entries(clusters))('redisEngine on a cluster, through %s', (_, connect) => {
  const keyPrefix = freshPrefix()
  let connected: Connected
  beforeAll(async () => {
    connected = await connect(cluster.url)
  })
  afterAll(async () => connected.close())

  it('spreads sessions evenly, with commands on a single key', async () => {
    const engine = redisEngine(connected.client, { keyPrefix })
    const ids = Array.from({ length: 3000 }, (__, index) => `${index}`)
    await Promise.all(ids.map(async (id) => engine.create(id, record('{}'))))
    const sizes = await Promise.all(
      (await cluster.masters()).map(async ({ admin }) => admin.dbsize()),
    )
    expect(Math.min(...sizes) / Math.max(...sizes)).toBeGreaterThan(0.8)
    await Promise.all(ids.map(async (id) => engine.delete(id)))
    const errors = await Promise.all(
      cluster.nodes.map(async ({ admin }) => admin.info('errorstats')),
    )
    expect(errors.join('')).not.toContain('CROSSSLOT')
  })

  it('follows a slot that is moved to another node', { timeout: TIMEOUT }, async () => {
    const engine = redisEngine(connected.client, { keyPrefix })
    const id = 'moving'
    const key = keyPrefix + id
    let { version } = (await engine.create(id, record('0'))) as { version: string }
    const from = await cluster.masterOf(key)
    const to = (await cluster.masters()).find((node) => node !== from) ?? from
    const slot = await from.admin.cluster('KEYSLOT', key)
    const save = async (data: string): Promise<void> => {
      const saved = await engine.save(id, record(data), version)
      expect(saved.status).toBe('saved')
      if (saved.status === 'saved') version = saved.version
      expect(await engine.load(id)).toMatchObject({ data, version })
    }

    const handOver = await startMove(slot, from, to)
    await save('1')
    await from.admin.call('MIGRATE', '127.0.0.1', to.port, key, 0, 5000)
    // The command is redirected (ASK) to a node that does not know the scripts.
    await to.admin.script('FLUSH')
    await save('2')
    expect(await engine.create(id, record('other'))).toEqual({ status: 'taken' })
    await handOver()
    await save('3')
    expect((await engine.touch(id, record('3'), version)).status).toBe('saved')
    expect(await engine.delete(id, version)).toBe('deleted')
    const handBack = await startMove(slot, to, from)
    await handBack()
  })

  it('loses nothing while a slot is moved under load', { timeout: TIMEOUT }, async () => {
    // The braces are a hash tag: all keys fall into one slot.
    const tagged = `{${freshPrefix()}}`
    const load = await startLoad(redisEngine(connected.client, { keyPrefix: tagged }), 20)
    await load.acknowledged(100)
    const from = await cluster.masterOf(tagged)
    const to = (await cluster.masters()).find((node) => node !== from) ?? from
    const slot = await from.admin.cluster('KEYSLOT', tagged)
    const handOver = await startMove(slot, from, to)
    await load.acknowledged(50)
    for (const key of await from.admin.cluster('GETKEYSINSLOT', slot, 100)) {
      await from.admin.call('MIGRATE', '127.0.0.1', to.port, key, 0, 5000)
      await load.acknowledged(5)
    }
    await handOver()
    await load.acknowledged(100)
    expectKept(await load.stop())
  })

  it('loses nothing when a master hands over to its replica', { timeout: TIMEOUT }, async () => {
    const engine = redisEngine(connected.client, { keyPrefix, timeout: 5000 })
    const load = await startLoad(engine, 20)
    await load.acknowledged(200)
    const [master] = await cluster.masters()
    if (master === undefined) throw new Error('There is no master.')
    const replica = await cluster.replicaOf(master)
    await takeOver(replica)
    await load.acknowledged(200)
    expectKept(await load.stop())
    await until(async () =>
      (await master.admin.info('replication')).includes('master_link_status:up'),
    )
  })
})

describe.each(['ioredis 6', 'ioredis 5'])('redisEngine on a cluster, through %s', (name) => {
  it('notices lost connections, after which the client resends unanswered commands', async () => {
    const connected = await clusters[name]?.(cluster.url)
    if (connected === undefined) throw new Error(`There is no client ${name}.`)
    const keyPrefix = freshPrefix()
    const engine = redisEngine(connected.client, { keyPrefix })
    const losses = connectionLosses(connected.client)
    await engine.create('id', record('{}'))
    const before = losses()
    const master = await cluster.masterOf(`${keyPrefix}id`)
    await master.admin.call('CLIENT', 'KILL', 'TYPE', 'normal')
    await until(async () => losses() > before)
    expect((await engine.load('id'))?.data).toBe('{}')
    await connected.close()
  })
})

/** Promotes a replica. A busy replica gives up after five seconds, and is asked again. */
async function takeOver(replica: OwnServer): Promise<void> {
  const isMaster = async (): Promise<boolean> =>
    (await replica.admin.info('replication')).includes('role:master')
  while (!(await isMaster())) {
    await replica.admin.cluster('FAILOVER')
    let looks = 0
    await until(async () => (await isMaster()) || ++looks > 300)
  }
}

/** Begins to move a slot; returns a function that completes the move. */
async function startMove(
  slot: number,
  from: OwnServer,
  to: OwnServer,
): Promise<() => Promise<void>> {
  const [fromId, toId] = [await from.admin.cluster('MYID'), await to.admin.cluster('MYID')]
  await to.admin.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId)
  await from.admin.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId)
  return async () => {
    for (const node of new Set([to, from, ...(await cluster.masters())])) {
      await node.admin.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId)
    }
  }
}

/** The replication offset: how much of what was written the server has. */
function offsetIn(replication: string): number {
  return Number(/^master_repl_offset:(\d+)/m.exec(replication)?.[1])
}

describe('redisEngine on a cluster, with the permissions that the README lists', () => {
  const user = { username: 'app', password: 'secret' }
  const connections: Readonly<Record<string, () => Promise<Connected>>> = {
    'node-redis 6': async () => {
      const client = createCluster({ rootNodes: [{ url: cluster.url }], defaults: user })
      client.on('error', () => undefined)
      await client.connect()
      return { client, close: () => client.destroy() }
    },
    'ioredis 6': async () => {
      const client = new Cluster([cluster.url], { redisOptions: user })
      client.on('error', () => undefined)
      return { client, close: () => client.disconnect() }
    },
  }

  it.each(Object.entries(connections))(
    'does everything through %s',
    { timeout: TIMEOUT },
    async (_, connect) => {
      const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
      const [listed = ''] = /An ACL needs[^.]+/.exec(readme) ?? []
      const permissions = listed.match(/[+~][\w@:|*]+/g) ?? []
      for (const { admin } of cluster.nodes) {
        await admin.acl('SETUSER', user.username, 'reset', 'on', '>secret', ...permissions)
        await admin.script('FLUSH')
      }
      const { client, close } = await connect()
      const engine = redisEngine(client)
      for (const id of ['a', 'b', 'c']) {
        const created = await engine.create(id, record('first'))
        const version = created.status === 'saved' ? created.version : ''
        const saved = await engine.save(id, record('second'), version)
        expect(saved.status).toBe('saved')
        expect((await engine.save(id, record('third'))).status).toBe('saved')
        expect((await engine.touch(id, record('third'))).status).toBe('saved')
        expect(await engine.load(id)).toMatchObject({ data: 'third' })
        expect(await engine.exists(id)).toBe(true)
        expect(await engine.delete(id, version)).toBe('conflict')
        expect(await engine.delete(id)).toBe('deleted')
      }
      await close()
      const denied = await Promise.all(
        cluster.nodes.map(async ({ admin }) => admin.call('ACL', 'LOG')),
      )
      expect(denied.flat()).toEqual([])
    },
  )
})

describe('redisEngine, when a master of a cluster is killed', () => {
  it.each(['node-redis 6', 'ioredis 6'])(
    'fails until the replica has taken over, then recovers without a restart (%s)',
    { timeout: TIMEOUT },
    async (name) => {
      const connected = await clusters[name]?.(cluster.url)
      if (connected === undefined) throw new Error(`There is no client ${name}.`)
      const engine = redisEngine(connected.client, { keyPrefix: freshPrefix(), timeout: 1000 })
      const manager = createSessions<{ n: number }>({ engine })
      const keys = await Promise.all(
        Array.from({ length: 30 }, async (_, n) => {
          const session = manager.open()
          session.set('n', n)
          await session.save()
          return session.sessionKey ?? ''
        }),
      )
      const victim = (await cluster.masters()).at(-1)
      if (victim === undefined) throw new Error('There is no master.')
      const replica = await cluster.replicaOf(victim)
      // Writes that have not reached the replica would be lost.
      const written = offsetIn(await victim.admin.info('replication'))
      await until(async () => offsetIn(await replica.admin.info('replication')) >= written)
      await victim.kill()

      const loaded = async (key: string): Promise<number | undefined> =>
        (await manager.open(key).load()).get('n')
      await until(async () => {
        const found = await Promise.allSettled(keys.map(loaded))
        for (const [index, one] of found.entries()) {
          if (one.status === 'fulfilled') expect(one.value).toBe(index)
          else expectUnavailable(one.reason)
        }
        return found.every(({ status }) => status === 'fulfilled')
      })
      expect(await replica.admin.info('replication')).toContain('role:master')
      await Promise.all(
        keys.map(async (key) => {
          const session = await manager.open(key).load()
          session.set('n', 1)
          await session.save()
        }),
      )
      await connected.close()
      await victim.start()
      await until(async () => (await victim.admin.info('replication')).includes('link_status:up'))
    },
  )
})
