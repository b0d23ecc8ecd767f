import { unquoted } from './unquoted.ts'

/** The longest delay that `setTimeout` supports, in milliseconds. */
const LONGEST = 2 ** 31 - 1

/** How many times the timer checks the calls during one timeout. */
const CHECKS = 8

/** Outside Node, it may be a number, without `unref`. */
interface Timer {
  unref?(): unknown
}

/** A call in flight, linked to the calls made before and after it. */
interface Call {
  readonly reject: (error: unknown) => void
  /** The number of the check at which the call times out. */
  readonly due: number
  previous: Call
  next: Call
}

/** A call, and how its reply is decoded and delivered. */
interface PendingCall<Reply, Answer> extends Call {
  readonly read: (reply: Reply) => Answer
  readonly resolve: (answer: Answer) => void
}

/**
 * Makes a call, and resolves to its reply as decoded by `read`. Rejects if the reply takes too long. If the call fails,
 * `again` may return another attempt, which replaces it and has the same deadline.
 */
export type TimeLimit = <Reply, Answer>(
  call: () => Promise<Reply>,
  read: (reply: Reply) => Answer,
  again?: (error: unknown) => Promise<Reply> | undefined,
) => Promise<Answer>

/**
 * Limits each call to that many milliseconds, or up to an eighth longer. All calls share one timer, which runs while
 * any is in flight: a timer or an AbortSignal for each would cost more than the call. Deadlines are counted in checks
 * of the timer, not in time, so that a process that was blocked reads the replies that have arrived before it gives up
 * on them.
 */
export function timeLimit(timeout: number): TimeLimit {
  const calls = ring()
  const pause = Math.max(1, timeout / CHECKS)
  const waits = pause <= LONGEST
  let checks = 0
  let running = false

  const run = (): void => {
    running = true
    const timer: Timer = setTimeout(check, pause)
    // Whether the process stays alive is up to the client's connection.
    timer.unref?.()
  }
  const check = (): void => {
    checks += 1
    for (let call = calls.next; call !== calls && call.due <= checks; call = calls.next) {
      remove(call)
      call.reject(new Error(`Redis did not answer within ${timeout} ms.`))
    }
    running = false
    if (calls.next !== calls) run()
  }

  return (call, read, again) =>
    new Promise((resolve, reject) => {
      const reply = call()
      const due = checks + CHECKS + 1
      const pending = { reject, due, previous: calls.previous, next: calls, read, resolve }
      pending.previous.next = pending
      calls.previous = pending
      if (waits && !running) run()
      settle(pending, reply, again)
    })
}

/** Settles a call with its reply, or with that of the attempt that replaces it. */
function settle<Reply, Answer>(
  call: PendingCall<Reply, Answer>,
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
 * Creates an empty circular list of calls, ordered by when they were made, and so by when they time out. The node that
 * it returns is a sentinel, not a call. Maintaining a Set would take as long as the client takes for a whole call.
 */
function ring(): Call {
  const call = { reject: () => undefined, due: Infinity } as unknown as Call
  call.previous = call
  call.next = call
  return call
}

/** May be called twice: when a call times out, and when it is answered after all. */
function remove(call: Call): void {
  const { previous, next } = call
  previous.next = next
  next.previous = previous
  call.previous = call
  call.next = call
}
