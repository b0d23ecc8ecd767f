import { contenderNamed } from '../../contenders/contenders.ts'
import { openPlaces } from '../../contenders/open-places.ts'
import { startContender, type Running } from '../../contenders/running.ts'
import { takeTheCore } from '../../http/cores.ts'
import { startLoader, type Loader } from '../../http/loader.ts'
import { median, quantile } from '../../quantile.ts'
import type { Table } from '../../section.ts'
import type { Part } from '../part.ts'

/** The minimum number of requests in the warm-up round, and in each other round, however busy the machine is. */
const WARM_UP = 10_000
const LEAST = 1_000

/** A server and its measurements, one for each round. */
interface Server {
  readonly running: Running
  readonly path: string
  readonly micros: number[]
  readonly milliseconds: number[]
}

/** What a request costs as more clients are connected, each with a session of its own. */
export const connections: Part = {
  name: 'connections',

  async run({ quick, runs }, report): Promise<readonly Table[]> {
    const { places, close } = await openPlaces(['memory'])
    const loader = await startLoader(1)
    const running: Running[] = []
    const rows: (string | number)[][] = []
    try {
      for (const name of ['bare/http', 'sessions/http/memory']) {
        const server = await startContender(contenderNamed(name), places)
        takeTheCore(server.pid)
        running.push(server)
      }
      const how = { rounds: runs ?? (quick ? 2 : 3), milliseconds: quick ? 200 : 300 }
      for (const count of quick ? [1, 100] : [1, 10, 100, 1_000]) {
        report(`${count} connections`)
        rows.push(await row(loader, running, { count, ...how }))
      }
    } finally {
      loader.close()
      await Promise.all(running.map((server) => server.close()))
      await close()
    }
    return [
      {
        title: 'Requests as the number of connections grows',
        note:
          'The server’s CPU time in microseconds for each read of a session in memory on `node:http`, the time of the ' +
          'same server without sessions, the difference, and the 99th percentiles of their response times. The client is ' +
          'one process.',
        columns: [
          'connections',
          'read',
          'without sessions',
          'added',
          'p99, ms',
          'without sessions',
        ],
        rows,
      },
    ]
  },
}

interface How {
  readonly count: number
  readonly rounds: number
  readonly milliseconds: number
}

async function row(
  loader: Loader,
  running: readonly Running[],
  { count, rounds, milliseconds }: How,
): Promise<(string | number)[]> {
  const servers = running.map((server): Server => {
    const path = server.contender.kind === 'bare' ? '/untouched' : '/read'
    return { running: server, path, micros: [], milliseconds: [] }
  })
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const server of servers) {
      const { port } = server.running
      const order = { port, connections: count, withCookie: true }
      if (round === 0 && server.path === '/read')
        await loader.ask({ ...order, path: '/seed', requests: 1 })
      const before = await server.running.usage()
      const requests = Math.ceil((round === 0 ? WARM_UP : LEAST) / count)
      const times = await loader.ask({ ...order, path: server.path, requests, milliseconds })
      const { micros } = await server.running.usage()
      if (round === 0) continue
      server.micros.push((micros - before.micros) / times.milliseconds.length)
      server.milliseconds.push(quantile(times.milliseconds, 0.99))
    }
  }
  const [bare = 0, read = 0] = servers.map(({ micros }) => median(micros))
  const [bareTime = 0, readTime = 0] = servers.map((server) => median(server.milliseconds))
  const costs = [read, bare, read - bare, readTime, bareTime].map((cost) => cost.toFixed(1))
  return [count, ...costs]
}
