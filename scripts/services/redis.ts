import { chownSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../lib/run.mjs'
import type { Command, Place, Programs, Service } from './service.ts'

/** Valkey is compatible, and used if Redis is not installed. */
const programs: Programs = {
  names: [
    ['redis-server', 'valkey-server'],
    ['redis-cli', 'valkey-cli'],
  ],
  folders: ['/usr/bin', '/usr/local/bin'],
  package: 'redis-server',
}

/** How long the processes may take to connect, in milliseconds: generous, since machines that run tests are busy. */
const CONNECT_TIMEOUT = 60_000

/**
 * Redis with an append-only file. It writes that file before it answers, without waiting for the disk. By its default, to sync
 * the file every second, it would write later while the disk is busy with that.
 */
export const redis: Service = {
  title: 'Redis',
  variable: 'SESSIONS_REDIS_URL',
  programs,
  prepare: async () => undefined,
  launch: (place) => ({
    ...server(place, place.port, ['--appendonly', 'yes', '--appendfsync', 'no']),
    stop: 'SIGKILL',
    url: `redis://127.0.0.1:${place.port}`,
  }),
}

const MASTERS = 3
const NODES = 6

/** A Redis Cluster of three masters, each with a replica. */
export const redisCluster: Service = {
  title: 'Redis Cluster',
  variable: 'SESSIONS_REDIS_CLUSTER_URL',
  programs,
  // Each node needs one for clients and one for the cluster bus.
  ports: 2 * NODES,
  prepare: async () => undefined,

  launch(place) {
    const nodes = place.ports.slice(0, NODES).map((port, index) => {
      const bus = String(place.ports[NODES + index])
      const cluster = ['--cluster-enabled', 'yes', '--cluster-port', bus]
      const quick = ['--cluster-node-timeout', '2000', '--repl-diskless-sync-delay', '0']
      const file = ['--cluster-config-file', `nodes-${port}.conf`]
      return server(place, port, [...cluster, ...quick, ...file])
    })
    const [first = server(place, place.port, []), ...others] = nodes
    return { ...first, others, stop: 'SIGKILL', url: `redis://127.0.0.1:${place.port}` }
  },

  async form(place) {
    const ports = place.ports.slice(0, NODES)
    const addresses = ports.map((port) => `127.0.0.1:${port}`)
    const args = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes']
    const { code, output } = await run(place.program('redis-cli'), args)
    if (code !== 0) throw new Error(`redis-cli could not create the cluster:\n${output}`)
    for (const port of ports) {
      await until(async () => {
        const [info, nodes, role] = await Promise.all([
          ask(place, port, ['cluster', 'info']),
          ask(place, port, ['cluster', 'nodes']),
          ask(place, port, ['info', 'replication']),
        ])
        const known = nodes
          .split('\n')
          .filter((line) => / (?:myself,)?(?:master|slave) /.test(line))
        const replicas = nodes.split('\n').filter((line) => / (?:myself,)?slave /.test(line))
        const linked = /role:master[^]*connected_slaves:1|master_link_status:up/.test(role)
        const whole = known.length === NODES && replicas.length === NODES - MASTERS
        return info.includes('cluster_state:ok') && whole && linked
      })
    }
  },
}

/** The name of the master in the sentinel's configuration. */
const NAME = 'sessions'

/** A Redis master with a replica, and a sentinel that monitors them. */
export const redisSentinel: Service = {
  title: 'Redis Sentinel',
  variable: 'SESSIONS_REDIS_SENTINEL_URL',
  programs,
  ports: 3,

  async prepare({ folder, ports: [, master], user }) {
    // The sentinel rewrites its configuration file.
    const file = join(folder, 'sentinel.conf')
    const settings = [
      `sentinel monitor ${NAME} 127.0.0.1 ${master} 1`,
      `sentinel down-after-milliseconds ${NAME} 1000`,
      `sentinel failover-timeout ${NAME} 5000`,
    ]
    writeFileSync(file, `${settings.join('\n')}\n`, { mode: 0o644 })
    if (user !== undefined) chownSync(file, user.uid, user.gid)
  },

  launch(place) {
    const [sentinel = 0, master = 0, replica = 0] = place.ports
    const quick = ['--repl-diskless-sync-delay', '0']
    const conf = join(place.folder, 'sentinel.conf')
    return {
      ...server(place, master, quick),
      others: [
        server(place, replica, [...quick, '--replicaof', `127.0.0.1 ${master}`]),
        {
          command: place.program('redis-server'),
          args: [conf, '--sentinel', '--port', String(sentinel), '--bind', '127.0.0.1'],
          ready: /\+monitor master/,
        },
      ],
      stop: 'SIGKILL',
      url: `redis-sentinel://127.0.0.1:${sentinel}/${NAME}`,
    }
  },

  form: async (place) =>
    until(async () => {
      const replicas = await ask(place, place.port, ['sentinel', 'replicas', NAME])
      return replicas.includes('master-link-status\nok')
    }),
}

function server({ folder, program }: Place, port: number, args: readonly string[]): Command {
  return {
    command: program('redis-server'),
    args: [
      ['--port', String(port)],
      ['--bind', '127.0.0.1'],
      ['--dir', folder],
      ['--dbfilename', `dump-${port}.rdb`],
      ['--save', ''],
      ['--enable-debug-command', 'local'],
      args,
    ].flat(),
    ready: /Ready to accept connections/,
  }
}

async function ask(place: Place, port: number, command: readonly string[]): Promise<string> {
  const { output } = await run(place.program('redis-cli'), ['-p', String(port), ...command])
  return output.replaceAll('\r', '')
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + CONNECT_TIMEOUT
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(
        `The Redis processes did not connect to each other within ${CONNECT_TIMEOUT / 1000} seconds.`,
      )
    await sleep(50)
  }
}
