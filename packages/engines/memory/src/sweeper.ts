import { startTimer } from './timer.ts'

/** A recurring job in the background. */
interface Job {
  /** Whether there may be work to do. */
  readonly isNeeded: () => boolean
  readonly run: () => Promise<unknown>
}

/** Runs the job. */
interface Sweeper {
  /** Starts the timer unless it is running already. */
  readonly wake: () => void
}

/**
 * Runs the job every `interval` seconds, from a `wake` until the job is no longer needed, without keeping the process
 * alive. There is no timer before the first `wake`, because edge runtimes forbid timers outside requests.
 *
 * @param interval In seconds; 0 for never.
 */
export function sweeper(interval: number, job: Job): Sweeper {
  const milliseconds = interval * 1000
  /** When the job is due next, and the sequence number of its timer; undefined while no timer runs. */
  let next: { readonly due: number; readonly round: number } | undefined
  let rounds = 0

  const schedule = (): void => {
    rounds += 1
    const round = rounds
    next = { due: Date.now() + milliseconds, round }
    startTimer(milliseconds, 'unref', () => {
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
      // Edge runtimes cancel a request's timers when it ends: one that is long overdue will never fire.
      if (next === undefined || Date.now() > next.due + milliseconds) schedule()
    },
  }
}
