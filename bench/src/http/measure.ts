import type { Running } from '../contenders/running.ts'
import type { Loader } from './loader.ts'
import { bareScenario, type Scenario } from './scenarios.ts'
import { quantile } from '../quantile.ts'

/** The number of connections that load a server, each with a session of its own. */
export const CONNECTIONS = 64

/** The measurements of one window. */
export interface Sample {
  /** The server's user and kernel CPU time per request, in microseconds. */
  readonly micros: number
  /** Requests per second. */
  readonly rate: number
  /** The 99th percentile of the response times, in milliseconds. */
  readonly p99: number
}

/** How long a server is loaded: until both `milliseconds` and `requests` are reached, but for at most `patience`. */
export interface Window {
  readonly milliseconds: number
  /** On each connection. */
  readonly requests: number
  /** In milliseconds. */
  readonly patience: number
}

/** The longest warm-up of a slow server in one scenario, in milliseconds. */
const PATIENCE = 30_000

/**
 * Gives each connection a session, and runs every scenario so that V8 has compiled the server's code before it is measured.
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

/** Measures one window of a scenario. */
export async function measure(
  { port, usage }: Running,
  loader: Loader,
  { path, withCookie }: Scenario,
  window: Window,
): Promise<Sample> {
  const order = { port, connections: CONNECTIONS, path, withCookie }
  // Reopens connections that were idle for too long before the window begins.
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
