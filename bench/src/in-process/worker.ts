/* Measures the operations that a question asks for. */
import { isWanted } from '../section.ts'
import { answerQuestions } from '../worker/answer.ts'
import { bytes } from './bytes.ts'
import type { Cost, Work } from './operation.ts'
import { operations } from './operations/operations.ts'
import { time } from './time.ts'

answerQuestions(async (work: Work): Promise<readonly Cost[]> => {
  const { measure, rounds, milliseconds, only, scenarios } = work
  const wanted = (await operations()).filter(
    ({ group, name, by }) => isWanted(by, only) && isWanted(`${group}: ${name}`, scenarios),
  )
  return measure === 'time' ? time(wanted, rounds, milliseconds) : bytes(wanted, rounds)
})
