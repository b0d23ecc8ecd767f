import { readFileSync, readlinkSync } from 'node:fs'
import { orEmpty, ownThread, startOf } from './threads.ts'

/** The holder of a lock, by which others can tell whether it is alive: a thread, which may end before its process. */
export interface Owner {
  readonly pid: number
  readonly thread: number
  /** When the thread started: numbers are used again, in a container after each restart. */
  readonly start: string
  /** The boot of the machine; in LXC and systemd-nspawn, of the container. */
  readonly boot: string
  /** The namespace of the process numbers: each container has its own. */
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

/** The owner that the file of a lock describes, or undefined if it describes none. */
export function readOwner(text: string): Owner | undefined {
  try {
    const owner: unknown = JSON.parse(text)
    return isOwner(owner) ? owner : undefined
  } catch {
    return undefined
  }
}

/**
 * Whether an owner is alive, as far as this thread can tell.
 *
 * @param seen When the thread of its numbers started: undefined if it does not run, empty if nobody can tell.
 */
export function lifeOf(owner: Owner | undefined, self: Owner, seen: string | undefined): Life {
  // In another container the numbers mean other processes, and the boot may differ.
  if (owner === undefined || owner.space !== self.space) return 'unknown'
  if (seen === undefined) return 'dead'
  if (seen === '') return 'unknown'
  if (seen !== owner.start) return 'dead'
  // With another boot, either coincidence after a restart, or a container that shares the namespace but not the boot.
  return owner.boot === self.boot ? 'alive' : 'unknown'
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, thread, start, boot, space } = value as Record<string, unknown>
  const isPid = typeof pid === 'number' && Number.isInteger(pid) && pid > 0
  const isThread = typeof thread === 'number' && Number.isInteger(thread) && thread >= 0
  return isPid && isThread && [start, boot, space].every((text) => typeof text === 'string')
}
