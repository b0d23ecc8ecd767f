import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { threadId } from 'node:worker_threads'
import { codeOf } from './files.ts'

/** The id of this thread: the system's, or Node's if /proc cannot tell. */
export function ownThread(): number {
  const task = ownTask()
  return task === '' ? threadId : Number(basename(task))
}

/** When the thread with these ids started: undefined if none runs, empty if that cannot be checked. */
export function startOf(pid: number, thread: number): string | undefined {
  // /proc can be mounted so that it hides processes.
  const isHidden = ownTask() === '' || !existsSync(`/proc/${pid}/stat`)
  if (isHidden) return startOfHidden(pid, thread)
  const stat = statOf(pid, thread)
  if (!stat) return stat
  // The second field is the name of the thread in brackets, which may itself contain spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = ''] = fields
  // A thread in these states has ended, even if its parent has not noticed yet.
  return state === 'Z' || state === 'X' ? undefined : fields[19]
}

/** What a call returns, or an empty string if it throws. */
export function orEmpty(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

/** A thread's line in /proc: undefined if none runs, empty if this process may open no more files, for example. */
function statOf(pid: number, thread: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1')
  } catch (error) {
    return GONE.has(codeOf(error)) ? undefined : ''
  }
}

/** The thread had ended before its file was opened, or before it was read. */
const GONE = new Set<unknown>(['ENOENT', 'ESRCH'])

function startOfHidden(pid: number, thread: number): string | undefined {
  const isThis = pid === process.pid && thread === ownThread()
  if (isThis) return String(Math.round(performance.timeOrigin))
  return isRunning(pid) ? '' : undefined
}

/** This thread in /proc, `<pid>/task/<thread>`; empty without /proc, or if /proc is the host's, whose ids differ. */
function ownTask(): string {
  const task = orEmpty(() => readlinkSync('/proc/thread-self'))
  return task.startsWith(`${process.pid}/`) ? task : ''
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // With EPERM, it runs as another user.
    return codeOf(error) === 'EPERM'
  }
}
