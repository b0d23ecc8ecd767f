import type { Running } from '../contenders/running.ts'
import type { Loader } from './loader.ts'
import { bareScenario, type Scenario } from './scenarios.ts'
import { quantile } from './quantile.ts'

/** How many connections load a server, each with a session of its own. */
export const CONNECTIONS = 64

/** What one window has shown. */
export interface Sample {
  /** Microseconds of the server's CPU time for each request, the kernel's included. */
  readonly micros: number
  /** Requests per second. */
  readonly rate: number
  /** Milliseconds. */
  readonly p99: number
}

/** How long a server is loaded: so many milliseconds, and longer where it needs that for so many requests. */
export interface Window {
  readonly milliseconds: number
  /** On each connection. */
  readonly requests: number
  /** For how many milliseconds at most, however many requests that are. */
  readonly patience: number
}

/** For how many milliseconds a slow server is warmed up in a scenario at most. */
const PATIENCE = 30_000

/**
 * Gives each connection a session, and the compiler of the server time to see all that will be measured.
 *
 * @param requests On each connection, in each scenario.
 */
export async function warmUp(
  { contender, port }: Running,
  loader: Loader,
  scenarios: readonly Scenario[],
  requests: number,
): Promise<void> {
  const order = { port, connections: CONNECTIONS, patience: PATIENCE }
  const isBare = contender.kind === 'bare'
  if (!isBare) await loader.ask({ ...order, path: '/seed', withCookie: true, requests: 1 })
  for (const scenario of scenarios) {
    const { path, withCookie } = isBare ? bareScenario : scenario
    await loader.ask({ ...order, path, withCookie, requests })
  }
}

/** Loads a server. */
export async function measure(
  { port, usage }: Running,
  loader: Loader,
  { path, withCookie }: Scenario,
  window: Window,
): Promise<Sample> {
  const order = { port, connections: CONNECTIONS, path, withCookie }
  // Connections that have been idle for too long are made anew, outside of what is measured.
  await loader.ask({ ...order, requests: 1 })
  const before = await usage()
  const start = performance.now()
  const { milliseconds: times } = await loader.ask({ ...order, ...window })
  const seconds = (performance.now() - start) / 1000
  const after = await usage()
  return {
    micros: (after.micros - before.micros) / times.length,
    rate: times.length / seconds,
    p99: quantile(times, 0.99),
  }
}
