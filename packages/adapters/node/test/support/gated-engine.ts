import type { SessionEngine } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'

/** An engine that records its calls, and whose writes can be held back or made to fail. */
export interface GatedEngine extends SessionEngine {
  readonly calls: string[]
  /** Makes writes wait until `open()`. */
  hold(): void
  open(): void
  /** Resolves as soon as a write waits. */
  reached(): Promise<void>
  /** Makes these calls fail from now on, and no others. */
  fail(...operations: string[]): void
}

const nothing = (): void => {}

/** Keeps sessions in memory. */
export function gatedEngine(): GatedEngine {
  const engine = memoryEngine()
  const calls: string[] = []
  let failing: readonly string[] = []
  let gate: Promise<void> | undefined
  let open = nothing
  let arrived = nothing
  let arrival = new Promise<void>((resolve) => {
    arrived = resolve
  })

  async function write<T>(operation: string, carryOut: () => T | Promise<T>): Promise<T> {
    calls.push(operation)
    arrived()
    await gate
    if (failing.includes(operation)) throw new Error(`told to fail: ${operation}`)
    return carryOut()
  }

  return {
    name: 'gated',
    calls,
    hold() {
      gate = new Promise((resolve) => {
        open = resolve
      })
      arrival = new Promise((resolve) => {
        arrived = resolve
      })
    },
    open() {
      gate = undefined
      open()
    },
    reached: () => arrival,
    fail(...operations) {
      failing = operations
    },
    async load(id) {
      calls.push('load')
      if (failing.includes('load')) throw new Error('told to fail: load')
      return engine.load(id)
    },
    exists: (id) => engine.exists(id),
    create: (id, record) => write('create', () => engine.create(id, record)),
    save: (id, record, version) => write('save', () => engine.save(id, record, version)),
    touch: (id, record, version) => write('touch', () => engine.touch(id, record, version)),
    delete: (id, version) => write('delete', () => engine.delete(id, version)),
  }
}
