import { contenders } from '../contenders/contenders.ts'
import { familyOf, type Contender } from '../contenders/contender.ts'
import { openPlaces } from '../contenders/open-places.ts'
import type { Places } from '../contenders/places.ts'
import { startContender } from '../contenders/running.ts'
import { isWanted, type Section, type Table } from '../section.ts'
import { headersAfter, logoutHolds, STORE_DELAY, survivingKeys, WRITERS } from './checks.ts'
import { behindProxy } from './behind-proxy.ts'

/** How many contenders are looked at at once. */
const AT_ONCE = 6

/** What is lost, brought back, or sent too early. */
export const correctness: Section = {
  name: 'correctness',
  title: 'Correctness',

  async run({ quick, only }, report): Promise<readonly Table[]> {
    const chosen = contenders.filter(
      ({ kind, name, quick: inQuick }) =>
        (kind === 'peer' || kind === 'ours') &&
        (only.length > 0 ? isWanted(name, only) : inQuick || !quick),
    )
    const { places, close } = await openPlaces(chosen.map(({ store }) => store))
    try {
      const rows = await inTurns(chosen, async (contender) => {
        report(contender.name)
        return rowOf(contender, places)
      })
      return [
        {
          title: 'What happens to a session',
          note: `Keys that are left of ${WRITERS} that as many requests set at the same time; whether the session is still over when a request that began before the logout has ended (of sessions in cookies: in this browser, for nobody can take back a copy); after how long the headers of a redirect leave where the store is ${STORE_DELAY} ms away.`,
          columns: ['Library', 'On', 'Store', 'Keys left', 'Logout', 'Headers'],
          rows,
        },
      ]
    } finally {
      await close()
    }
  },
}

async function rowOf(contender: Contender, places: Places): Promise<readonly (string | number)[]> {
  const { library, framework, store } = contender
  const { proxied, proxy } = await behindProxy(familyOf(store), places)
  try {
    const { port, close } = await startContender(contender, proxied)
    try {
      const keys = await survivingKeys(port)
      const holds = await logoutHolds(port, store.endsWith('cookie'))
      const headers = proxy === undefined ? undefined : await lateHeaders(port, proxy)
      return [library, framework, store, keys, holds ? 'holds' : 'undone', headers ?? '–']
    } finally {
      await close()
    }
  } finally {
    proxy?.close()
  }
}

async function lateHeaders(port: number, proxy: { delay: number }): Promise<string> {
  proxy.delay = STORE_DELAY
  const milliseconds = await headersAfter(port)
  proxy.delay = 0
  const waited = milliseconds > STORE_DELAY * 0.95
  return `${waited ? 'wait' : 'leave early'}: ${Math.round(milliseconds)} ms`
}

/** Does something for each, a few at once, and answers in their order. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const waiting = [...items.entries()]
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, item] = next
      results[index] = await act(item)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return results
}
