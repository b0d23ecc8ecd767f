import { after } from './timer.ts'

/** Something to be done repeatedly in the background. */
interface Job {
  /** Whether there is something to do at all. */
  readonly isNeeded: () => boolean
  readonly run: () => Promise<unknown>
}

/** What does the job. */
interface Sweeper {
  /** Says that there is something to do. */
  readonly wake: () => void
}

/**
 * Does the job every `interval` seconds, from the first `wake` on and while it is needed, without keeping the process
 * alive. There is no timer before that: edge runtimes forbid timers outside of requests.
 *
 * @param interval In seconds; 0 for never.
 */
export function sweeper(interval: number, job: Job): Sweeper {
  const milliseconds = interval * 1000
  /** When the job is due next, and the sequence number of its timer; undefined while it rests. */
  let next: { readonly due: number; readonly round: number } | undefined
  let rounds = 0

  const schedule = (): void => {
    rounds += 1
    const round = rounds
    next = { due: Date.now() + milliseconds, round }
    after(milliseconds, 'lets go', () => {
      if (next?.round === round) void run()
    })
  }
  const run = async (): Promise<void> => {
    await job.run()
    if (job.isNeeded()) schedule()
    else next = undefined
  }
  return {
    wake() {
      if (interval === 0) return
      // Edge runtimes drop a request's timers with it: one that is long overdue will never fire.
      if (next === undefined || Date.now() > next.due + milliseconds) schedule()
    },
  }
}
