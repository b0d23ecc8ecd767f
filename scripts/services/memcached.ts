import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, Place, Service } from './service.ts'

const SERVERS = 2

/** How long the servers may take to listen, in milliseconds: generous, since machines that run tests are busy. */
const START_TIMEOUT = 60_000

/** Two independent memcached servers. */
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
    await Promise.all(ports.map(untilListening))
  },
}

/** Prints a line before it starts memcached, which prints nothing itself unless it prints every request. */
function server({ program }: Place, port: number): Command {
  const command = [program('memcached'), '-l', '127.0.0.1', '-p', String(port)]
  return {
    command: '/bin/sh',
    args: ['-c', 'echo starting; exec "$0" "$@"', ...command],
    ready: /starting/,
  }
}

async function untilListening(port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT
  while (!(await isOpen(port))) {
    if (Date.now() > deadline)
      throw new Error(
        `memcached did not listen on port ${port} within ${START_TIMEOUT / 1000} seconds.`,
      )
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
