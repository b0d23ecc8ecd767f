/* Stores sessions in memory and measures the heap. */
import { setTimeout as pause } from 'node:timers/promises'
import { answerQuestions } from '../../worker/answer.ts'
import { keeperNamed } from './keepers.ts'

/** A question to the worker. */
export interface Question {
  readonly keeper: string
  readonly sessions: number
}

/** Bytes of the heap per session: while they are stored, and after a purge of all. */
export interface Answer {
  readonly kept: number
  readonly left: number | undefined
}

/** The number of sessions that trigger whatever is allocated only once; they are not counted. */
const FIRST = 1000

process.env['NODE_ENV'] = 'production'

answerQuestions(async ({ keeper: name, sessions }: Question): Promise<Answer> => {
  const keeper = await keeperNamed(name)
  await keeper.keep(FIRST)
  const before = await heap()
  await keeper.keep(sessions)
  const kept = ((await heap()) - before) / sessions
  if (keeper.purge === undefined) return { kept, left: undefined }
  await keeper.purge()
  return { kept, left: ((await heap()) - before) / sessions }
})

/** The size of the heap after pending work and garbage collection. */
async function heap(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    await pause(50)
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}
