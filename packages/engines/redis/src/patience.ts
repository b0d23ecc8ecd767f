import { InvalidSettingError } from '@sessions/core'

/** How long a call may take, in milliseconds, unless told. */
const TIMEOUT = 5000

/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1

/** How many times the one timer looks while a call lasts that takes too long. */
const LOOKS = 8

/** A call that has not been answered. */
interface Call {
  readonly reject: (error: Error) => void
  /** At which look it has taken too long. */
  readonly due: number
}

/** The answer to a call, as `read` understands it, or a rejection where it takes too long. */
export type Patience = <Reply, Answer>(
  call: () => Promise<Reply>,
  read: (reply: Reply) => Answer,
) => Promise<Answer>

/**
 * Waits so many milliseconds for the answer to a call, and at most an eighth longer. All calls share one timer, which runs
 * while there are any: a timer or an AbortSignal of its own would cost more than the call. It counts its looks and not
 * the time, so that a process that was held up reads the answers that have come before it gives up on them.
 *
 * @throws {InvalidSettingError} when the timeout is no positive number.
 */
export function patience(timeout: number = TIMEOUT): Patience {
  if (!(timeout > 0)) {
    throw new InvalidSettingError(
      'timeout',
      'must be a positive number of milliseconds; Infinity waits for ever.',
    )
  }
  // In the order in which they were made, which is that in which they are due.
  const calls = new Set<Call>()
  const pause = Math.max(1, timeout / LOOKS)
  const waits = pause <= LONGEST
  let looks = 0
  let running = false

  const run = (): void => {
    running = true
    const timer: unknown = setTimeout(look, pause)
    // What waits is the client's connection, which keeps the process alive if anything does.
    if (isUnrefable(timer)) timer.unref()
  }
  const look = (): void => {
    looks += 1
    for (const call of calls) {
      if (call.due > looks) break
      calls.delete(call)
      call.reject(new Error(`Redis did not answer within ${timeout} ms.`))
    }
    running = false
    if (calls.size > 0) run()
  }

  return (call, read) =>
    new Promise((resolve, reject) => {
      const waiting: Call = { reject, due: looks + LOOKS + 1 }
      const reply = call()
      calls.add(waiting)
      if (waits && !running) run()
      reply.then(
        (answer) => {
          calls.delete(waiting)
          try {
            resolve(read(answer))
          } catch (error) {
            reject(error)
          }
        },
        (error: unknown) => {
          calls.delete(waiting)
          reject(error)
        },
      )
    })
}

function isUnrefable(timer: unknown): timer is { unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer
}
