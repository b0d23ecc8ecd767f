import type { Sessions } from '@sessions/core'
import { keyOf } from './stores/store.ts'

/** What a request does with its session. */
export type Action = 'read' | 'change'

const response = { status: 200, https: true, host: 'example.com' }

/** Performs a request on session `number`: one load, and for a change one save. */
export async function request(manager: Sessions, number: number, action: Action): Promise<void> {
  const opened = manager.openFromCookies(`theme=dark; sessionid=${keyOf(number)}`)
  const session = await opened.load()
  // Loading a missing session would be cheap and go unnoticed.
  if (!session.has('views')) throw new Error(`Session number ${number} is not in the store.`)
  if (action === 'change') session.modify('views', (views: number) => views + 1)
  await manager.commit(session, response)
}
