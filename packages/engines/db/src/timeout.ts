/** The longest delay that `setTimeout` supports, in milliseconds. */
const LONGEST = 2 ** 31 - 1

/** A callback that takes an error or a result. */
export type Done<Answer> = (error: unknown, answer?: Answer) => void

/** A pool of connections. */
export interface Lender<Connection> {
  readonly borrow: (done: Done<Connection>) => void
  /** Takes a connection back, with its error if it had one. */
  readonly giveBack: (connection: Connection, error?: unknown) => void
}

/**
 * Runs work on a borrowed connection, and rejects if that takes too long. A connection that still owes a reply is not
 * used again; work that still waited for a connection is never run. Uses callbacks, because every call takes this path:
 * each promise in between would cost as much as reading a column.
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

/** Resolves to the answer, or rejects if it takes too long. */
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
