import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Cluster } from 'ioredis'
import { freePort } from '../../../testing/test/support/free-port.ts'
import { ownServer, type OwnServer } from './own-server.ts'

/** A cluster that a test may break. */
export interface OwnCluster {
  readonly url: string
  readonly nodes: readonly OwnServer[]
  /** The node that has a key, or had it before it was moved. */
  readonly masterOf: (key: string) => Promise<OwnServer>
  readonly masters: () => Promise<readonly OwnServer[]>
  /** The one replica of a master. */
  readonly replicaOf: (master: OwnServer) => Promise<OwnServer>
  readonly close: () => Promise<void>
}

/** Starts a cluster of three masters, each with a replica. */
export async function ownCluster(): Promise<OwnCluster> {
  const nodes = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const bus = ['--cluster-port', String(await freePort())]
      const quick = ['--cluster-node-timeout', '5000', '--repl-diskless-sync-delay', '0']
      return ownServer('--cluster-enabled', 'yes', ...bus, ...quick)
    }),
  )
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  const args = ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes']
  await promisify(execFile)('redis-cli', args)
  await until(async () => {
    const states = await Promise.all(
      nodes.map(async ({ admin }) =>
        Promise.all([admin.cluster('INFO'), admin.info('replication'), admin.cluster('SLOTS')]),
      ),
    )
    return states.every(
      ([info, replication, slots]) =>
        info.includes('cluster_state:ok') &&
        /connected_slaves:1|master_link_status:up/.test(replication) &&
        (slots as unknown[][]).every((range) => range.length === 4),
    )
  })

  const roles = async (): Promise<readonly { node: OwnServer; master: boolean; of: number }[]> =>
    Promise.all(
      nodes.map(async (node) => {
        const info = await node.admin.info('replication').catch(() => '')
        const of = Number(/master_port:(\d+)/.exec(info)?.[1] ?? 0)
        return { node, master: info.includes('role:master'), of }
      }),
    )
  const masters = async (): Promise<readonly OwnServer[]> =>
    (await roles()).filter(({ master }) => master).map(({ node }) => node)
  const url = `redis://127.0.0.1:${nodes[0]?.port}`
  return {
    url,
    nodes,
    masters,
    async masterOf(key) {
      const cluster = new Cluster([url])
      const slot = await nodes[0]?.admin.cluster('KEYSLOT', key)
      const ranges = await cluster.cluster('SLOTS')
      cluster.disconnect()
      const range = ranges.find(([from, to]) => from <= Number(slot) && Number(slot) <= to)
      return known(nodes.find(({ port }) => port === range?.[2]?.[1]))
    },
    async replicaOf({ port }) {
      return known((await roles()).find(({ of }) => of === port)?.node)
    },
    async close() {
      await Promise.all(nodes.map(async (node) => node.close()))
    },
  }
}

/** Resolves when the condition holds. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}

function known(node: OwnServer | undefined): OwnServer {
  if (node === undefined) throw new Error('There is no such node.')
  return node
}
