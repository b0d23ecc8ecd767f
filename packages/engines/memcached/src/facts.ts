import { refused } from './replies.ts'

/** What is known of a server as long as a connection lasts. */
export interface ServerFacts {
  /** Names this run of the server. It follows the number of a state, because these begin anew with each run. */
  readonly life: string
  /** How many bytes an item may have, including its key and 59 bytes of the server's own. */
  readonly largest: number
}

/** The request that is sent first on every connection. */
export const factsRequest = 'stats\r\nstats settings\r\n'

/** How many lists it is answered with. */
const LISTS = 2

/**
 * Reads the answer to `factsRequest`.
 *
 * @returns A function that takes each line, returns the facts after the last one, and throws if sessions cannot be kept
 * there.
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
  const life = `-${number('pid').toString(36)}.${begin.toString(36)}`
  return { life, largest: number('item_size_max') }
}
