import { after } from './timer.ts'

/** Something to be done again and again in the background. */
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
 * Does the job every so many seconds, from the first `wake` on and while it is needed, without keeping the process
 * alive. Nothing is timed before that: runtimes at the edge forbid timers outside of requests.
 *
 * @param interval In seconds; 0 for never.
 */
export function sweeper(interval: number, job: Job): Sweeper {
  let awake = interval === 0
  const schedule = (): void => {
    awake = true
    after(interval * 1000, 'lets go', () => void run())
  }
  const run = async (): Promise<void> => {
    await job.run()
    if (job.isNeeded()) schedule()
    else awake = false
  }
  return {
    wake() {
      if (!awake) schedule()
    },
  }
}
