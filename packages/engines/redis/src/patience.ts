import { unquoted } from './unquoted.ts'

/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1

/** How many times the one timer looks while a call lasts that takes too long. */
const LOOKS = 8

/** Outside Node it may be a number. */
interface Timer {
  unref?(): unknown
}

/** A call that has not been answered, between those that were made before and after it. */
interface Call {
  readonly reject: (error: unknown) => void
  /** At which look it has taken too long. */
  readonly due: number
  before: Call
  after: Call
}

/** What is to become of an answer. */
interface Asked<Reply, Answer> extends Call {
  readonly read: (reply: Reply) => Answer
  readonly resolve: (answer: Answer) => void
}

/**
 * The answer to a call, as `read` understands it, or a rejection where it takes too long. `again` is asked about a call
 * that has failed: whether another one takes its place.
 */
export type Patience = <Reply, Answer>(
  call: () => Promise<Reply>,
  read: (reply: Reply) => Answer,
  again?: (error: unknown) => Promise<Reply> | undefined,
) => Promise<Answer>

/**
 * Waits so many milliseconds for the answer to a call, and at most an eighth longer. All calls share one timer, which runs
 * while there are any: a timer or an AbortSignal of its own would cost more than the call. It counts its looks and not
 * the time, so that a process that was held up reads the answers that have come before it gives up on them.
 */
export function patience(timeout: number): Patience {
  const calls = ring()
  const pause = Math.max(1, timeout / LOOKS)
  const waits = pause <= LONGEST
  let looks = 0
  let running = false

  const run = (): void => {
    running = true
    const timer: Timer = setTimeout(look, pause)
    // What waits is the client's connection, which keeps the process alive if anything does.
    timer.unref?.()
  }
  const look = (): void => {
    looks += 1
    for (let call = calls.after; call !== calls && call.due <= looks; call = calls.after) {
      remove(call)
      call.reject(new Error(`Redis did not answer within ${timeout} ms.`))
    }
    running = false
    if (calls.after !== calls) run()
  }

  return (call, read, again) =>
    new Promise((resolve, reject) => {
      const reply = call()
      const due = looks + LOOKS + 1
      const asked = { reject, due, before: calls.before, after: calls, read, resolve }
      asked.before.after = asked
      calls.before = asked
      if (waits && !running) run()
      settle(asked, reply, again)
    })
}

/** Ends a call with the answer to it, or to the one that takes its place. */
function settle<Reply, Answer>(
  call: Asked<Reply, Answer>,
  reply: Promise<Reply>,
  again?: (error: unknown) => Promise<Reply> | undefined,
): void {
  reply.then(
    (answer) => {
      remove(call)
      try {
        call.resolve(call.read(answer))
      } catch (error) {
        call.reject(error)
      }
    },
    (error: unknown) => {
      const other = again?.(error)
      if (other !== undefined) return settle(call, other)
      remove(call)
      call.reject(unquoted(error))
    },
  )
}

/**
 * The calls in the order in which they were made, which is that in which they are due: a ring that begins and ends with
 * this one, which is none. A Set would take as long as the client does for the whole call.
 */
function ring(): Call {
  const call = { reject: () => undefined, due: Infinity } as unknown as Call
  call.before = call
  call.after = call
  return call
}

/** May come twice: once when it has taken too long, and when it is answered after all. */
function remove(call: Call): void {
  const { before, after } = call
  before.after = after
  after.before = before
  call.before = call
  call.after = call
}
