/* Purges a store under traffic. */
import { createSessions } from '@sessions/core'
import { answerQuestions } from '../../worker/answer.ts'
import { stores } from '../stores/stores.ts'
import type { StoreOptions } from '../stores/store.ts'
import { traffic, type Latencies } from './traffic.ts'

/** A question to the worker. */
export interface Question extends StoreOptions {
  readonly store: string
  readonly sessions: number
  /** How long requests are measured before the purge. */
  readonly milliseconds: number
}

/** The purge, and the latencies of requests before and during it. */
export interface Purged {
  readonly deleted: number
  readonly milliseconds: number
  readonly before: Latencies
  readonly during: Latencies
}

answerQuestions(async (question: Question): Promise<Purged> => {
  const { sessions, milliseconds } = question
  const store = await stores[question.store]?.(question)
  if (store === undefined) throw new Error(`There is no store named ${question.store}.`)
  const manager = createSessions({ engine: store.engine })
  await store.fill(0, sessions)

  const forAWhile = async (): Promise<Latencies> => {
    const until = performance.now() + milliseconds
    return traffic(manager, sessions, () => performance.now() < until)
  }
  // A warm-up.
  await forAWhile()
  const before = await forAWhile()

  const start = performance.now()
  let deleted = -1
  let end = start
  const purge = manager.clearExpired().then((count) => {
    deleted = count
    end = performance.now()
  })
  const during = await traffic(manager, sessions, () => deleted < 0)
  await purge
  await store.close()
  return { deleted, milliseconds: end - start, before, during }
})
