import { unquoted } from './unquoted.ts'

/** The longest that a timer can wait. */
const LONGEST = 2 ** 31 - 1

/** How many times the timer checks the calls during one timeout. */
const LOOKS = 8

/** Outside Node it may be a number. */
interface Timer {
  unref?(): unknown
}

/** A call without an answer yet, between the calls made before and after it. */
interface Call {
  readonly reject: (error: unknown) => void
  /** The number of the check at which it has taken too long. */
  readonly due: number
  before: Call
  after: Call
}

/** A call, and what to do with its answer. */
interface Asked<Reply, Answer> extends Call {
  readonly read: (reply: Reply) => Answer
  readonly resolve: (answer: Answer) => void
}

/**
 * The answer to a call, as `read` returns it, or a rejection if that takes too long. If the call fails, `again` may
 * return another call that takes its place.
 */
export type Patience = <Reply, Answer>(
  call: () => Promise<Reply>,
  read: (reply: Reply) => Answer,
  again?: (error: unknown) => Promise<Reply> | undefined,
) => Promise<Answer>

/**
 * Waits so many milliseconds for the answer to a call, and at most an eighth longer. All calls share one timer, which
 * runs while there are any: a timer or an AbortSignal for each would cost more than the call. The timer counts its
 * checks and not the time, so that a process that was blocked reads the answers that have come before it gives up on
 * them.
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
    // The timer does not keep the process alive: the client's connection does, if anything.
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

/** Ends a call with its answer, or with that of the call that takes its place. */
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
 * The calls in the order in which they were made, which is also that in which they are due: a ring that begins and ends
 * at this node, which is not a call. A Set would take as long as the client takes for the whole call.
 */
function ring(): Call {
  const call = { reject: () => undefined, due: Infinity } as unknown as Call
  call.before = call
  call.after = call
  return call
}

/** May be called twice: when a call has taken too long, and when it is answered after all. */
function remove(call: Call): void {
  const { before, after } = call
  before.after = after
  after.before = before
  call.before = call
  call.after = call
}
