import type { CookieEngine, SessionEngine } from '../../packages/core/src/index.ts'

/** The delays and failures to inject into an engine. */
export interface Trouble {
  /** Milliseconds by which each call is delayed. Cookie engines are not delayed: they have no asynchronous calls. */
  readonly delay: number
  /** The calls that fail. */
  readonly failing: readonly string[]
}

type Call = (...args: unknown[]) => unknown

const asyncCalls = ['load', 'exists', 'create', 'save', 'touch', 'delete', 'clearExpired']
const syncCalls = ['seal', 'unseal']

/**
 * Wraps an engine so that its calls are delayed or fail, to observe timing and failures from outside.
 *
 * @throws {Error} if the engine has no method of a name in `failing`.
 */
export function troubled<Engine extends SessionEngine | CookieEngine>(
  engine: Engine,
  { delay, failing }: Trouble,
): Engine {
  const calls = [...asyncCalls, ...syncCalls].filter((name) => callOf(engine, name) !== undefined)
  const unknown = failing.filter((name) => !calls.includes(name))
  if (unknown.length > 0) {
    throw new Error(
      `Unknown value for --engine-fail: ${unknown.join(', ')}. This engine has: ${calls.join(', ')}.`,
    )
  }
  if (delay === 0 && failing.length === 0) return engine
  return new Proxy(engine, {
    get(target, name) {
      const call = callOf(target, name)
      if (call === undefined) return Reflect.get(target, name) as unknown
      const carriedOut = failing.includes(String(name)) ? failure(String(name)) : call
      return asyncCalls.includes(String(name)) ? delayed(carriedOut, delay) : carriedOut
    },
  })
}

function callOf(engine: object, name: string | symbol): Call | undefined {
  const value: unknown = Reflect.get(engine, name)
  return typeof value === 'function' ? (value.bind(engine) as Call) : undefined
}

function delayed(call: Call, delay: number): Call {
  return async (...args) => {
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
    return call(...args)
  }
}

function failure(name: string): Call {
  return () => {
    throw new Error(`${name} fails because of --engine-fail.`)
  }
}
