/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1

/** Called when something has ended, with an error or with an answer. */
export type Done<Answer> = (error: unknown, answer?: Answer) => void

/** A pool of connections. */
export interface Lender<Connection> {
  readonly borrow: (done: Done<Connection>) => void
  /** Takes a connection back, with its error if it had one. */
  readonly giveBack: (connection: Connection, error?: unknown) => void
}

/**
 * Does something on a borrowed connection, and rejects if that takes too long. A connection that still owes an answer
 * is not used again; what only waited for a connection is not done at all. With callbacks, because this is on the path
 * of every call: each promise in between costs as much as a column.
 */
export function onConnection<Connection, Answer>(
  { borrow, giveBack }: Lender<Connection>,
  timeout: number,
  work: (connection: Connection, done: Done<Answer>) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let isOver = false
    let working: Connection | undefined
    const timer = startTimer(timeout, (error) => {
      isOver = true
      if (working !== undefined) giveBack(working, error)
      reject(error)
    })
    const finish: Done<Answer> = (error, answer) => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      if (working !== undefined) giveBack(working, error ?? undefined)
      if (error) reject(error)
      else resolve(answer as Answer)
    }
    borrow((error, connection) => {
      if (error || connection === undefined) return finish(error)
      if (isOver) return giveBack(connection)
      working = connection
      try {
        work(connection, finish)
      } catch (refusal) {
        finish(refusal)
      }
    })
  })
}

/** The answer, or a rejection if it takes too long. */
export function within<Answer>(timeout: number, answer: PromiseLike<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = startTimer(timeout, reject)
    answer.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}

function startTimer(
  timeout: number,
  expire: (error: Error) => void,
): ReturnType<typeof setTimeout> | undefined {
  if (timeout > LONGEST) return undefined
  return setTimeout(() => {
    expire(new Error(`The database did not answer within ${timeout} ms.`))
  }, timeout)
}
