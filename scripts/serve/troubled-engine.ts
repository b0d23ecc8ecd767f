import type { CookieEngine, SessionEngine } from '../../packages/core/src/index.ts'

/** How an engine is troubled. */
export interface Trouble {
  /** Milliseconds by which each call is delayed. What a cookie engine does is no call: it never waits. */
  readonly delay: number
  /** The calls that fail. */
  readonly failing: readonly string[]
}

type Call = (...given: unknown[]) => unknown

const waiting = ['load', 'exists', 'create', 'save', 'touch', 'delete', 'clearExpired']
const immediate = ['seal', 'unseal']

/**
 * An engine whose calls are delayed or fail, so that timing and failures can be seen from outside.
 *
 * @throws {Error} when a call that is to fail is none of the engine's.
 */
export function troubled<Engine extends SessionEngine | CookieEngine>(
  engine: Engine,
  { delay, failing }: Trouble,
): Engine {
  const calls = [...waiting, ...immediate].filter((name) => callOf(engine, name) !== undefined)
  const unknown = failing.filter((name) => !calls.includes(name))
  if (unknown.length > 0) {
    throw new Error(
      `--engine-fail: the engine has no ${unknown.join(', ')}; it has ${calls.join(', ')}.`,
    )
  }
  if (delay === 0 && failing.length === 0) return engine
  return new Proxy(engine, {
    get(target, name) {
      const call = callOf(target, name)
      if (call === undefined) return Reflect.get(target, name) as unknown
      const fail = failing.includes(String(name))
      if (waiting.includes(String(name))) return later(call, delay, fail)
      return fail ? failure(String(name)) : call
    },
  })
}

function callOf(engine: object, name: string | symbol): Call | undefined {
  const value: unknown = Reflect.get(engine, name)
  return typeof value === 'function' ? (value.bind(engine) as Call) : undefined
}

function later(call: Call, delay: number, fail: boolean): Call {
  return async (...given) => {
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
    return fail ? failure(call.name)() : call(...given)
  }
}

function failure(name: string): Call {
  return () => {
    throw new Error(`told to fail by --engine-fail: ${name}`)
  }
}
