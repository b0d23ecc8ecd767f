import type { MaybePromise, SessionEngine } from '@sessions/core'
import { createGate, type Gate } from './gate.ts'

/** A method of the engine's contract that adapters cause to be called. */
export type EngineOperation = 'load' | 'exists' | 'create' | 'save' | 'touch' | 'delete'

/** An engine under observation: it counts, and it fails and waits where it is told to. */
export interface EngineProbe {
  readonly engine: SessionEngine
  /** What was called since the last `reset`, in its order. */
  calls(): EngineOperation[]
  reset(): void
  /** From now on those calls reject; with none named, none does. */
  fail(...operations: EngineOperation[]): void
  /** The next call of that operation waits before it reaches the store, until the gate opens. */
  holdNext(operation: EngineOperation): Gate
}

/** Puts an engine under observation. */
export function probeEngine(engine: SessionEngine): EngineProbe {
  const gates = new Map<EngineOperation, Gate>()
  let calls: EngineOperation[] = []
  let failing: readonly EngineOperation[] = []

  function call<T>(operation: EngineOperation, carryOut: () => MaybePromise<T>): MaybePromise<T> {
    calls.push(operation)
    if (failing.includes(operation)) return Promise.reject(new Error(`told to fail: ${operation}`))
    const gate = gates.get(operation)
    gates.delete(operation)
    return gate === undefined ? carryOut() : gate.pass().then(carryOut)
  }

  return {
    engine: {
      name: engine.name,
      load: (id) => call('load', () => engine.load(id)),
      exists: (id) => call('exists', () => engine.exists(id)),
      create: (id, record) => call('create', () => engine.create(id, record)),
      save: (id, record, version) => call('save', () => engine.save(id, record, version)),
      touch: (id, record, version) => call('touch', () => engine.touch(id, record, version)),
      delete: (id, version) => call('delete', () => engine.delete(id, version)),
    },
    calls: () => [...calls],
    reset() {
      calls = []
    },
    fail(...operations) {
      failing = operations
    },
    holdNext(operation) {
      const gate = createGate()
      gate.hold()
      gates.set(operation, gate)
      return gate
    },
  }
}
