import { contenders } from '../contenders/contenders.ts'
import { familyOf, type Contender } from '../contenders/contender.ts'
import { openPlaces } from '../contenders/open-places.ts'
import type { Places } from '../contenders/places.ts'
import { startContender } from '../contenders/running.ts'
import { isWanted, type Section, type Table } from '../section.ts'
import { headersAfter, logoutHolds, STORE_DELAY, survivingKeys, WRITERS } from './checks.ts'
import { behindProxy } from './behind-proxy.ts'

/** The number of contenders that are checked at once. */
const AT_ONCE = 6

/** Checks for lost changes, undone logouts and responses sent before the save. */
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
      const rows = await mapConcurrently(chosen, async (contender) => {
        report(contender.name)
        return rowOf(contender, places)
      })
      return [
        {
          title: 'What happens to a session',
          note: `Keys left: how many keys remain after ${WRITERS} concurrent requests have each set one. Logout: whether the session stays ended when a request that started before the logout finishes after it (for sessions in cookies, in this browser only, since a copy cannot be revoked). Headers: when the headers of a redirect that creates a session arrive, if whatever is sent to the store takes ${STORE_DELAY} ms.`,
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

/** Calls `act` for each item, for up to `AT_ONCE` of them at a time. The results are in the order of the items. */
async function mapConcurrently<Item, Result>(
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
