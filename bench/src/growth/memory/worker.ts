/* Keeps sessions in memory, and looks how much there is of it. */
import { setTimeout as pause } from 'node:timers/promises'
import { answerQuestions } from '../../worker/answer.ts'
import { keeperNamed } from './keepers.ts'

/** What the worker is asked. */
export interface Question {
  readonly keeper: string
  readonly sessions: number
}

/** Bytes of the heap for each session, with them and after all of them were removed. */
export interface Answer {
  readonly kept: number
  readonly left: number | undefined
}

/** So many visits make whatever is made once. */
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

/** What is in the heap once nothing is under way. */
async function heap(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    await pause(50)
    globalThis.gc?.()
  }
  return process.memoryUsage().heapUsed
}
