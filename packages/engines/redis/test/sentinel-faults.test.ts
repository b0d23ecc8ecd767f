import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { expectKept } from '../../../testing/test/support/expectations.ts'
import { freePort } from '../../../testing/test/support/free-port.ts'
import { startLoad } from '../../../testing/test/support/load.ts'
import { connectionLosses } from '../src/connection-losses.ts'
import { redisEngine } from '../src/index.ts'
import { sentinels } from './clients.ts'
import { until } from './own-cluster.ts'
import { ownServer, type OwnServer } from './own-server.ts'
import { freshPrefix } from './services.ts'

const TIMEOUT = 180_000

/** A sentinel for these tests alone, which watches a master and its replica. */
let servers: readonly OwnServer[] = []
let sentinel: ChildProcess
let admin: Redis
let url = ''
let folder = ''

const replicasAreLinked = async (): Promise<boolean> =>
  JSON.stringify(await admin.call('SENTINEL', 'replicas', 'main')).includes(
    '"master-link-status","ok"',
  )

const master = async (): Promise<unknown> =>
  admin.call('SENTINEL', 'get-master-addr-by-name', 'main')

async function reachesItsReplica({ admin: server }: OwnServer): Promise<void> {
  // WAIT covers what its own connection has written, and so everything that was written before that.
  await server.set('reached', 'now')
  await until(async () => (await server.wait(1, 1000)) === 1)
}

describe.each(['node-redis 6', 'ioredis 6'])(
  'redisEngine behind a sentinel, through %s',
  (name) => {
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'sessions-sentinel-'))
      const first = await ownServer('--repl-diskless-sync-delay', '0')
      const replicaOf = ['--replicaof', `127.0.0.1 ${first.port}`]
      servers = [first, await ownServer('--repl-diskless-sync-delay', '0', ...replicaOf)]
      const port = await freePort()
      const file = join(folder, 'sentinel.conf')
      const settings = [
        `sentinel monitor main 127.0.0.1 ${first.port} 1`,
        'sentinel down-after-milliseconds main 1000',
        'sentinel failover-timeout main 3000',
      ]
      writeFileSync(file, `${settings.join('\n')}\n`)
      const args = [file, '--sentinel', '--port', String(port), '--bind', '127.0.0.1']
      sentinel = spawn('redis-server', args, { stdio: 'ignore' })
      admin = new Redis(port, '127.0.0.1', { retryStrategy: () => 20 })
      admin.on('error', () => undefined)
      url = `redis-sentinel://127.0.0.1:${port}/main`
      await until(replicasAreLinked)
    }, TIMEOUT)

    afterAll(async () => {
      admin.disconnect()
      const exit = once(sentinel, 'exit')
      sentinel.kill('SIGKILL')
      await exit
      await Promise.all(servers.map(async (server) => server.close()))
      rmSync(folder, { recursive: true, force: true })
    })

    it('follows the master that the sentinel names', { timeout: TIMEOUT }, async () => {
      const connected = await sentinels[name]?.(url)
      if (connected === undefined) throw new Error(`There is no client ${name}.`)
      const engine = redisEngine(connected.client, { keyPrefix: freshPrefix(), timeout: 2000 })
      const losses = connectionLosses(connected.client)
      const lossesBefore = losses()
      const load = await startLoad(engine, 5)
      await load.acknowledged(50)
      const before = JSON.stringify(await master())
      // Sessions that have not reached the replica would be lost.
      await Promise.all(
        servers.filter(({ port }) => before.includes(`"${port}"`)).map(reachesItsReplica),
      )
      await until(async () =>
        admin.call('SENTINEL', 'failover', 'main').then(
          () => true,
          () => false,
        ),
      )
      await until(async () => JSON.stringify(await master()) !== before)
      await until(replicasAreLinked)
      // The client may resend unanswered commands, so the engine has to notice.
      await until(async () => losses() > lossesBefore)
      await load.acknowledged(50)
      const report = await load.stop()
      // Changes that reached the old master during the failover may be lost, but no session is.
      expectKept({ ...report, sessions: [] })
      await connected.close()
    })
  },
)
