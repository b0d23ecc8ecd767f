/* A worker that adds numbers, and exits when it is asked for the largest safe integer. */
import { answerQuestions } from '../../src/worker/answer.ts'

answerQuestions(({ numbers }: { readonly numbers: readonly number[] }) => {
  if (numbers.length === 0) throw new Error('There is nothing to add.')
  if (numbers.includes(Number.MAX_SAFE_INTEGER)) process.exit(1)
  return numbers.reduce((sum, number) => sum + number)
})
