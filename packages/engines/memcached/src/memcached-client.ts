import { checkOptions, InvalidSettingError } from '@sessions/core'
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import { deleteCommand, getCommand, setCommand, type Command } from './commands.ts'
import { link, type Link } from './link.ts'
import { pickServer } from './pick-server.ts'
import type { MemcachedClient } from './port.ts'

/** The options of `memcachedClient`. */
export interface MemcachedClientOptions {
  /**
   * Opens a connection to a server, given its entry in `servers`: for TLS or a Unix socket.
   *
   * @default a TCP connection to `host:port`, or to port 11211
   */
  readonly connect?: ((server: string) => Duplex) | undefined
}

/** A client of one or more servers. */
export interface ConnectedClient extends MemcachedClient {
  /** Closes the connections. Calls in flight reject, and so does every later call. */
  readonly close: () => void
}

/**
 * Creates a client of memcached 1.6 that uses its meta commands. It has one connection to each server, opened at the
 * first use, and again at the next use after it was lost. Each key belongs to one server, even while that one is down.
 *
 * @param servers Their addresses: `host`, `host:port` or `[address]:port`. All processes must name the same servers, in
 * any order.
 * @throws {InvalidSettingError} when there is no server, one is named twice or wrongly, or an option is unknown or
 * invalid.
 * @example
 * const client = memcachedClient(['cache-1:11211', 'cache-2:11211'])
 * app.use(sessions({ engine: memcachedEngine(client) }))
 */
export function memcachedClient(
  servers: string | readonly string[],
  options: MemcachedClientOptions = {},
): ConnectedClient {
  const names = [servers].flat()
  check(names, options)
  const { connect = connectTo } = options
  const pick = pickServer(names)
  const links: (Link | undefined)[] = names.map(() => undefined)
  let closed = false

  const linkTo = (index: number): Link => {
    const known = links[index]
    if (known !== undefined && !known.ended()) return known
    const opened = open(names[index] ?? '', connect)
    links[index] = opened
    return opened
  }
  const ask = async <Answer>(
    key: string,
    command: Command<Answer>,
    timeout: number,
  ): Promise<Answer> => {
    if (closed) throw new Error('The memcached client was closed.')
    return linkTo(pick(key)).ask(command, timeout)
  }

  return {
    metaGet: (key, timeout) => ask(key, getCommand(key), timeout),
    metaSet: (key, value, condition, timeout) =>
      ask(key, setCommand(key, value, condition), timeout),
    metaDelete: (key, cas, timeout) => ask(key, deleteCommand(key, cas), timeout),
    close() {
      closed = true
      for (const known of links) known?.end(new Error('The memcached client was closed.'))
    },
  }
}

function check(names: readonly string[], options: MemcachedClientOptions): void {
  checkOptions('memcachedClient', options, { connect: 'function' })
  if (!names.every((name) => typeof name === 'string')) {
    throw new InvalidSettingError('servers', 'must be a string, or an array of strings.')
  }
  if (names.length === 0) throw new InvalidSettingError('servers', 'must name at least one server.')
  if (new Set(names).size < names.length) {
    throw new InvalidSettingError('servers', 'must name each server only once.')
  }
  if (options.connect === undefined) for (const name of names) addressOf(name)
}

function open(name: string, connect: (server: string) => Duplex): Link {
  const title = `Memcached at ${name}`
  try {
    return link(connect(name), title)
  } catch (cause) {
    throw new Error(`${title} cannot be reached.`, { cause })
  }
}

function connectTo(server: string): Duplex {
  const socket = connectTcp(addressOf(server))
  // Requests are small and must not be delayed; keep-alive notices a broken connection even while it is idle.
  return socket.setNoDelay(true).setKeepAlive(true, 60_000)
}

const DEFAULT_PORT = 11_211

function addressOf(server: string): { host: string; port: number } {
  const found = /^(?:\[([^\]]+)\]|([^:/\s]+))(?::(\d{1,5}))?$/.exec(server)
  const port = Number(found?.[3] ?? DEFAULT_PORT)
  const host = found?.[1] ?? found?.[2]
  if (host !== undefined && port > 0 && port < 65_536) return { host, port }
  throw new InvalidSettingError(
    'servers',
    'must name each server as `host:port`; for any other address, pass the `connect` option.',
  )
}
