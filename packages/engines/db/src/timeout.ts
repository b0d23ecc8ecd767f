import { InvalidSettingError } from '@sessions/core'

/** How long a call may take, in milliseconds, unless told. */
const TIMEOUT = 5000

/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1

/**
 * How many milliseconds a call may take.
 *
 * @throws {InvalidSettingError} when that is no positive number.
 */
export function timeoutOf(timeout: number | undefined): number {
  if (timeout === undefined) return TIMEOUT
  if (timeout > 0) return timeout
  throw new InvalidSettingError(
    'timeout',
    'must be a positive number of milliseconds; Infinity waits for ever.',
  )
}

/** Somebody who hands out connections. */
export interface Lender<Connection> {
  readonly borrow: () => Promise<Connection>
  /** Takes a connection back, with what went wrong on it, if anything did. */
  readonly giveBack: (connection: Connection, error?: unknown) => void
}

/**
 * Does something on a borrowed connection, and rejects when it takes longer than that. A connection on which an answer
 * is still due is no good any more; what only waited for a connection is not done at all.
 */
export function onConnection<Connection, Answer>(
  { borrow, giveBack }: Lender<Connection>,
  timeout: number,
  work: (connection: Connection) => PromiseLike<Answer>,
): Promise<Answer> {
  let late: Error | undefined
  let working: Connection | undefined
  const giveUp = (error: Error): void => {
    late = error
    if (working !== undefined) giveBack(working, error)
  }
  const attempt = async (): Promise<Answer> => {
    const connection = await borrow()
    if (late !== undefined) {
      giveBack(connection)
      throw late
    }
    working = connection
    try {
      const answer = await work(connection)
      if (late === undefined) giveBack(connection)
      return answer
    } catch (error) {
      if (late === undefined) giveBack(connection, error)
      throw error
    } finally {
      working = undefined
    }
  }
  return within(timeout, attempt(), giveUp)
}

/**
 * The answer, or a rejection when it takes longer than that.
 *
 * @param giveUp Told when it does.
 */
export function within<Answer>(
  timeout: number,
  answer: PromiseLike<Answer>,
  giveUp?: (error: Error) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const expire = (): void => {
      const error = new Error(`The database did not answer within ${timeout} ms.`)
      giveUp?.(error)
      reject(error)
    }
    const timer = timeout > LONGEST ? undefined : setTimeout(expire, timeout)
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
