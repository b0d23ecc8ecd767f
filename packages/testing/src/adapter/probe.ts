import type { MaybePromise, SessionEngine } from '@sessions/core'
import { createGate, type Gate } from './gate.ts'

/** An engine method that a request can cause to be called. */
export type EngineOperation = 'load' | 'exists' | 'create' | 'save' | 'touch' | 'delete'

/** An engine whose calls are recorded, and can be made to fail or wait. */
export interface EngineProbe {
  readonly engine: SessionEngine
  /** The calls since the last `reset`, in order. */
  calls(): EngineOperation[]
  reset(): void
  /** Makes these calls reject, and all others work again. */
  fail(...operations: EngineOperation[]): void
  /** Makes the next such call wait at the returned gate before it reaches the store. */
  holdNext(operation: EngineOperation): Gate
}

/** Wraps an engine in a probe. */
export function probeEngine(engine: SessionEngine): EngineProbe {
  const gates = new Map<EngineOperation, Gate>()
  let calls: EngineOperation[] = []
  let failing: readonly EngineOperation[] = []

  function call<T>(operation: EngineOperation, carryOut: () => MaybePromise<T>): MaybePromise<T> {
    calls.push(operation)
    if (failing.includes(operation))
      return Promise.reject(new Error(`${operation} fails, as the test asked`))
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
