import { readFileSync, readlinkSync } from 'node:fs'
import { orEmpty, ownThread, startOf } from './threads.ts'

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
  const thread = ownThread()
  return {
    pid,
    thread,
    start: startOf(pid, thread) ?? '',
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

/**
 * Whether an owner still runs, as far as this thread can tell.
 *
 * @param seen When the thread of its numbers started: undefined where there is none, empty where there may be one.
 */
export function lifeOf(owner: Owner | undefined, self: Owner, seen: string | undefined): Life {
  // In another container the numbers mean others, and the boot may be its own.
  if (owner === undefined || owner.space !== self.space) return 'unknown'
  if (seen === undefined) return 'dead'
  if (seen === '') return 'unknown'
  if (seen !== owner.start) return 'dead'
  // Either chance, after a restart of the machine, or a container that shares the numbering but not the boot.
  return owner.boot === self.boot ? 'alive' : 'unknown'
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, thread, start, boot, space } = value as Record<string, unknown>
  const isPid = typeof pid === 'number' && Number.isInteger(pid) && pid > 0
  const isThread = typeof thread === 'number' && Number.isInteger(thread) && thread >= 0
  return isPid && isThread && [start, boot, space].every((text) => typeof text === 'string')
}
