import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, Place, Service } from './service.ts'

const SERVERS = 2

/** How long they may take to listen, in milliseconds: machines that run tests are busy. */
const PATIENCE = 60_000

/** Two servers of memcached, which know nothing of each other. */
export const memcached: Service = {
  title: 'memcached',
  variable: 'SESSIONS_MEMCACHED_URL',
  programs: {
    names: [['memcached']],
    folders: ['/usr/bin', '/usr/local/bin'],
    package: 'memcached',
  },
  ports: SERVERS,
  prepare: async () => undefined,

  launch(place) {
    const { ports } = place
    const [first = server(place, place.port), ...others] = ports.map((port) => server(place, port))
    const addresses = ports.map((port) => `127.0.0.1:${port}`)
    return { ...first, others, stop: 'SIGKILL', url: `memcached://${addresses.join(',')}` }
  },

  async form({ ports }) {
    await Promise.all(ports.map(listens))
  },
}

/** Says that it starts, because memcached prints nothing, unless it shall print every request. */
function server({ program }: Place, port: number): Command {
  const command = [program('memcached'), '-l', '127.0.0.1', '-p', String(port)]
  return {
    command: '/bin/sh',
    args: ['-c', 'echo starting; exec "$0" "$@"', ...command],
    ready: /starting/,
  }
}

async function listens(port: number): Promise<void> {
  const deadline = Date.now() + PATIENCE
  while (!(await isOpen(port))) {
    if (Date.now() > deadline) throw new Error('memcached did not start.')
    await sleep(20)
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
