import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Running } from '../contenders/running.ts'
import { familyOf } from '../contenders/contender.ts'
import type { Places } from '../contenders/places.ts'

/** Counts the commands that a store executes for its clients during a call. */
export type Count = (during: () => Promise<void>) => Promise<Readonly<Record<string, number>>>

/** A counter that asks the store itself; undefined for stores that count nothing. */
export function counterOf({ contender, usage }: Running, places: Places): Count | undefined {
  switch (familyOf(contender.store)) {
    case 'redis':
      return countRedis(places.redis)
    case 'postgres':
      return countPostgres(places.postgres)
    case 'memcached':
      return countMemcached(places.memcached)
    case 'sqlite':
      return async (during) => {
        const before = await usage()
        await during()
        return { statement: (await usage()).statements - before.statements }
      }
    default:
      return undefined
  }
}

/** Counts per request, as text: `GET 1, SET 1`. Commands that never ran are left out. */
export function perRequest(counts: Readonly<Record<string, number>>, requests: number): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([command, count]) => `${command} ${Number((count / requests).toFixed(2))}`)
  return parts.length === 0 ? 'none' : parts.join(', ')
}

/** Counts through `MONITOR`, without the commands that scripts run inside Redis. */
const countRedis =
  (url: string): Count =>
  async (during) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let output = ''
    socket.on('data', (chunk: Buffer) => {
      output += chunk.toString('latin1')
    })
    socket.write('MONITOR\r\n')
    await until(() => output.startsWith('+OK'))
    await during()
    socket.write('PING\r\n')
    await until(() => output.includes('"PING"'))
    socket.destroy()
    const counts: Record<string, number> = {}
    for (const [, by = '', command = ''] of output.matchAll(
      /^\+[\d.]+ \[\d+ ([^\]]+)\] "(\w+)"/gm,
    )) {
      if (by !== 'lua' && command !== 'PING') {
        counts[command.toUpperCase()] = (counts[command.toUpperCase()] ?? 0) + 1
      }
    }
    return counts
  }

/** Counts through `pg_stat_statements`. */
const countPostgres =
  (connectionString: string): Count =>
  async (during) => {
    const client = new Client({ connectionString })
    await client.connect()
    try {
      await client.query('create extension if not exists pg_stat_statements')
      await client.query('select pg_stat_statements_reset()')
      await during()
      const { rows } = await client.query<{ query: string; calls: string }>(
        "select query, calls from pg_stat_statements where query not like '%pg_stat_statements%'",
      )
      const counts: Record<string, number> = {}
      for (const { query, calls } of rows) {
        const verb = /\w+/.exec(query)?.[0].toUpperCase() ?? query
        counts[verb] = (counts[verb] ?? 0) + Number(calls)
      }
      return counts
    } finally {
      await client.end()
    }
  }

/** Counts through memcached's `stats`. */
const countMemcached =
  (address: string): Count =>
  async (during) => {
    const before = await memcachedStats(address)
    await during()
    const after = await memcachedStats(address)
    const names = Object.keys(after).filter((name) => /^cmd_(?:get|set|touch)$/.test(name))
    const deletes = ['delete_hits', 'delete_misses']
    return Object.fromEntries(
      [...names, ...deletes].map((name) => [
        name.replace('cmd_', ''),
        (after[name] ?? 0) - (before[name] ?? 0),
      ]),
    )
  }

async function memcachedStats(address: string): Promise<Readonly<Record<string, number>>> {
  const [host = '', port = ''] = address.split(':')
  const socket = connect(Number(port), host)
  let output = ''
  socket.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  socket.write('stats\r\n')
  await until(() => output.endsWith('END\r\n'))
  socket.destroy()
  return Object.fromEntries(
    [...output.matchAll(/^STAT (\w+) (\d+)\r$/gm)].map(([, name = '', value]) => [
      name,
      Number(value),
    ]),
  )
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadline) {
      throw new Error('The store did not report its command counts within ten seconds.')
    }
    await sleep(5)
  }
}
