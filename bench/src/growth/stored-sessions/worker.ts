/* Fills a store and performs requests over it. */
import { createSessions, type Sessions } from '@sessions/core'
import { answerQuestions } from '../../worker/answer.ts'
import { request, type Action } from '../requests.ts'
import type { Store, StoreOptions } from '../stores/store.ts'
import { stores } from '../stores/stores.ts'

/** A question to the worker. */
export type Question =
  | ({ readonly ask: 'open'; readonly store: string } & StoreOptions)
  | { readonly ask: 'fill'; readonly from: number; readonly to: number }
  | Measurement

/** A question that measures requests. */
export interface Measurement {
  readonly ask: 'measure'
  readonly action: Action
  /** `ten`: the same ten sessions each time, spread over the whole store; `any`: random ones. */
  readonly visited: 'ten' | 'any'
  readonly sessions: number
  readonly milliseconds: number
}

/** The number of concurrent visitors. No two share a session, since conflicts would cost more. */
const VISITORS = 10

let store: Store | undefined
let manager: Sessions | undefined

answerQuestions(async (question: Question) => {
  if (question.ask === 'open') {
    store = await stores[question.store]?.(question)
    manager = store && createSessions({ engine: store.engine })
    return undefined
  }
  if (store === undefined || manager === undefined) throw new Error('No store is open.')
  if (question.ask === 'measure') return measure(manager, question)
  await store.fill(question.from, question.to)
  return undefined
})

/** Microseconds of this process's CPU time per request. */
async function measure(sessions: Sessions, how: Measurement): Promise<number> {
  const until = performance.now() + how.milliseconds
  const share = how.sessions / VISITORS
  let count = 0
  const visitor = async (_: unknown, index: number): Promise<void> => {
    while (performance.now() < until) {
      count += 1
      const position = how.visited === 'ten' ? index / VISITORS : Math.random()
      await request(sessions, VISITORS * Math.floor(position * share) + index, how.action)
    }
  }
  const before = process.cpuUsage()
  await Promise.all(Array.from({ length: VISITORS }, visitor))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}
