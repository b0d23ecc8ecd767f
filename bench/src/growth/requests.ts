import type { Sessions } from '@sessions/core'
import { keyOf } from './stores/store.ts'

/** What a request does with its session. */
export type Action = 'read' | 'change'

const response = { status: 200, https: true, host: 'example.com' }

/** A request of the session of that number: one load, and one save where it is a change. */
export async function request(manager: Sessions, number: number, action: Action): Promise<void> {
  const opened = manager.openFromCookies(`theme=dark; sessionid=${keyOf(number)}`)
  const session = await opened.load()
  // A load of the wrong session would be cheap.
  if (!session.has('views')) throw new Error(`There is no session number ${number}.`)
  if (action === 'change') session.modify('views', (views: number) => views + 1)
  await manager.commit(session, response)
}
