import { readFileSync, readlinkSync } from 'node:fs'
import { orEmpty, ownThread, startOf } from './threads.ts'

/**
 * Identifies a thread that takes locks, so that others can check whether it is alive. It may end before its process.
 */
export interface Owner {
  readonly pid: number
  readonly thread: number
  /** When the thread started, empty if it could not tell: ids are reused, in a container after each restart. */
  readonly start: string
  /** The boot id of the machine; in LXC and systemd-nspawn, that of the container. */
  readonly boot: string
  /** The PID namespace: each container has its own. */
  readonly space: string
}

/** Whether an owner is alive, as far as that can be checked. */
export type Life = 'alive' | 'dead' | 'unknown'

/** Describes this thread. */
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

/** Whether both are the same thread. */
export function isSame(one: Owner, other: Owner): boolean {
  const names = ['pid', 'thread', 'start', 'boot', 'space'] as const
  return names.every((name) => one[name] === other[name])
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
 * @param seen When the thread with the owner's ids started: undefined if none runs, empty if that cannot be checked.
 */
export function lifeOf(owner: Owner | undefined, self: Owner, seen: string | undefined): Life {
  // In another container, the ids mean other processes, and the boot id may differ.
  if (owner === undefined || owner.space !== self.space) return 'unknown'
  if (seen === undefined) return 'dead'
  if (seen === '' || owner.start === '') return 'unknown'
  if (seen !== owner.start) return 'dead'
  // If the boot differs: a coincidence after a restart, or a container that shares the namespace but has its own boot
  // id.
  return owner.boot === self.boot ? 'alive' : 'unknown'
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, thread, start, boot, space } = value as Record<string, unknown>
  const isPid = typeof pid === 'number' && Number.isInteger(pid) && pid > 0
  const isThread = typeof thread === 'number' && Number.isInteger(thread) && thread >= 0
  return isPid && isThread && [start, boot, space].every((text) => typeof text === 'string')
}
