import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { threadId } from 'node:worker_threads'

/** Who holds a lock, so that others can tell whether it still lives: a thread, which may end before its process does. */
export interface Owner {
  readonly pid: number
  readonly thread: number
  /** When the thread started: numbers are used again, in a container after each restart. */
  readonly start: string
  /** Which start of the machine. In LXC and systemd-nspawn, which start of the container. */
  readonly boot: string
  /** Which numbering of processes the numbers belong to: two containers have one each. */
  readonly space: string
}

/** What is known of an owner. */
export type Life = 'alive' | 'dead' | 'unknown'

/** This thread. */
export function thisThread(): Owner {
  const { pid } = process
  const task = ownTask()
  const thread = task === '' ? threadId : Number(basename(task))
  return {
    pid,
    thread,
    // Where others cannot tell when this one started, a later one of the same numbers can.
    start: startSeen(pid, thread) || String(Math.round(performance.timeOrigin)),
    boot: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()),
    space: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
  }
}

/** What the file of a lock says about its owner, or undefined where it says nothing. */
export function readOwner(text: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(text)
    return isOwner(owner) ? owner : undefined
  } catch {
    return undefined
  }
}

/** Whether an owner still runs, as far as this thread can tell. */
export function lifeOf(owner: Owner | undefined, self: Owner): Life {
  if (owner === undefined) return 'unknown'
  const { pid, thread } = owner
  const isSelf = pid === self.pid && thread === self.thread
  return judge(owner, self, isSelf ? self.start : startSeen(pid, thread))
}

/**
 * Whether an owner still runs.
 *
 * @param seen When the thread of its numbers started: undefined where there is none, empty where that cannot be told.
 */
export function judge(owner: Owner, self: Owner, seen: string | undefined): Life {
  // In another container the numbers mean others, and the boot may be its own.
  if (owner.space !== self.space) return 'unknown'
  if (seen === undefined) return 'dead'
  if (seen === '') return 'unknown'
  if (seen !== owner.start) return 'dead'
  // Either chance, after a restart of the machine, or a container that shares the numbering but not the boot.
  return owner.boot === self.boot ? 'alive' : 'unknown'
}

/** When the thread of these numbers started: undefined where there is none, empty where that cannot be told. */
function startSeen(pid: number, thread: number): string | undefined {
  // /proc may be told to hide processes.
  const isHidden = ownTask() === '' || !existsSync(`/proc/${pid}/stat`)
  if (isHidden) return isRunning(pid) ? '' : undefined
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1'))
  // The second field is the name of the thread in brackets, with whatever characters it has.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = ''] = fields
  // It has ended, its parent's notice of that not required.
  return state === 'Z' || state === 'X' ? undefined : fields[19]
}

/** This thread in /proc, `<pid>/task/<thread>`; empty without /proc, or with that of a host, which numbers otherwise. */
function ownTask(): string {
  const task = orEmpty(() => readlinkSync('/proc/thread-self'))
  return task.startsWith(`${process.pid}/`) ? task : ''
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It runs, as somebody else.
    return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'EPERM'
  }
}

function orEmpty(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, thread, start, boot, space } = value as Record<string, unknown>
  const isPid = typeof pid === 'number' && Number.isInteger(pid) && pid > 0
  const isThread = typeof thread === 'number' && Number.isInteger(thread) && thread >= 0
  return isPid && isThread && [start, boot, space].every((text) => typeof text === 'string')
}
