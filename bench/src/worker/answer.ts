/** A worker's reply to a question. */
export type Reply = { readonly answer: unknown } | { readonly error: string }

/** Answers the questions of the parent process, and exits when that disconnects. */
export function answerQuestions(answer: (question: never) => unknown): void {
  process.on('disconnect', () => process.exit())
  process.on('message', (question) => {
    void replyTo(answer, question as never).then((reply) => process.send?.(reply))
  })
}

async function replyTo(answer: (question: never) => unknown, question: never): Promise<Reply> {
  try {
    return { answer: await answer(question) }
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
