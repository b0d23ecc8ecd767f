import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { threadId } from 'node:worker_threads'

/** The number of this thread among those of its process. */
export function ownThread(): number {
  const task = ownTask()
  return task === '' ? threadId : Number(basename(task))
}

/** When the thread of these numbers started: undefined if it does not run, empty if nobody can tell. */
export function startOf(pid: number, thread: number): string | undefined {
  // /proc can be mounted so that it hides processes.
  const isHidden = ownTask() === '' || !existsSync(`/proc/${pid}/stat`)
  if (isHidden) return startOfHidden(pid, thread)
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1'))
  // The second field is the name of the thread in brackets, with whatever characters it has.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = ''] = fields
  // A thread in these states has ended, whether its parent has noticed or not.
  return state === 'Z' || state === 'X' ? undefined : fields[19]
}

/** What a call returns, or an empty text if it throws. */
export function orEmpty(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

function startOfHidden(pid: number, thread: number): string | undefined {
  const isThis = pid === process.pid && thread === ownThread()
  if (isThis) return String(Math.round(performance.timeOrigin))
  return isRunning(pid) ? '' : undefined
}

/** This thread in /proc, `<pid>/task/<thread>`; empty without /proc, or if it is the host's, whose numbers differ. */
function ownTask(): string {
  const task = orEmpty(() => readlinkSync('/proc/thread-self'))
  return task.startsWith(`${process.pid}/`) ? task : ''
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It runs as another user.
    return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'EPERM'
  }
}
