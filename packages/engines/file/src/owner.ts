import { readFileSync, readlinkSync } from 'node:fs'

/** Who holds a lock, so that others can tell whether it still lives. */
export interface Owner {
  readonly pid: number
  /** When the process started: a pid is used again, in a container after each restart. Empty where it cannot be told. */
  readonly start: string
  /** Which start of the machine. */
  readonly boot: string
  /** Which numbering of processes the pid belongs to: two containers have one each. */
  readonly space: string
}

/** What is known of an owner. */
export type Life = 'alive' | 'dead' | 'unknown'

/** This process. */
export function thisProcess(): Owner {
  return {
    pid: process.pid,
    // Without /proc no other process can tell the start of this one, but a later one of the same pid can tell its own.
    start: startOf(process.pid) ?? String(Math.round(performance.timeOrigin)),
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

/** Whether an owner still runs, as far as this process can tell. */
export function lifeOf(owner: Owner | undefined, self: Owner): Life {
  if (owner === undefined) return 'unknown'
  if (owner.boot !== self.boot) return 'dead'
  if (owner.space !== self.space) return 'unknown'
  if (owner.pid === self.pid) return owner.start === self.start ? 'alive' : 'dead'
  if (!hasProc(self)) return isRunning(owner.pid) ? 'unknown' : 'dead'
  return startOf(owner.pid) === owner.start ? 'alive' : 'dead'
}

/** Without /proc there is no numbering to be told either. */
function hasProc(self: Owner): boolean {
  return self.space !== ''
}

/** The 22nd field of a process's stat, or undefined where it has ended, its parent's notice of that not required. */
function startOf(pid: number): string | undefined {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  // The second field is the name of the program in brackets, with whatever characters it has.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = ''] = fields
  return state === 'Z' || state === 'X' ? undefined : fields[19]
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
  const { pid, start, boot, space } = value as Record<string, unknown>
  const isPid = typeof pid === 'number' && Number.isInteger(pid) && pid > 0
  return isPid && [start, boot, space].every((text) => typeof text === 'string')
}
