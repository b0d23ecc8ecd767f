import { refused } from './replies.ts'

/** What the client knows of a server while a connection lasts. */
export interface ServerFacts {
  /** Identifies this run of the server. It is appended to each CAS number, because a new run reuses the numbers. */
  readonly runId: string
  /** The size limit of items in bytes, which includes the key and 59 bytes of overhead. */
  readonly maxItemSize: number
}

/** The first request on every connection. */
export const factsRequest = 'stats\r\nstats settings\r\n'

/** How many lists the reply consists of. */
const LISTS = 2

/**
 * Decodes the reply to `factsRequest`.
 *
 * @returns A function that takes each line, returns the facts after the last one, and throws if the server cannot keep
 * sessions.
 */
export function factsReader(): (line: string) => ServerFacts | undefined {
  const stats = new Map<string, string>()
  let lists = 0
  return (line) => {
    const [word, name = '', value = ''] = line.split(' ', 3)
    if (word === 'STAT') stats.set(name, value)
    else if (word === 'END') lists += 1
    else refused(line)
    return lists < LISTS ? undefined : factsOf(stats)
  }
}

function factsOf(stats: ReadonlyMap<string, string>): ServerFacts {
  const number = (name: string): number => {
    const value = Number(stats.get(name))
    if (Number.isSafeInteger(value)) return value
    throw new Error(`its stats have no ${name}`)
  }
  if (stats.get('cas_enabled') === 'no') {
    throw new Error('it was started with -C, which turns compare-and-set off')
  }
  const begin = number('time') - number('uptime')
  const runId = `-${number('pid').toString(36)}.${begin.toString(36)}`
  return { runId, maxItemSize: number('item_size_max') }
}
