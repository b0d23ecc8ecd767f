import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender } from '../contenders/contender.ts'
import type { Places } from '../contenders/places.ts'
import { startContender, type Running } from '../contenders/running.ts'
import { leaveACore, takeAllCores, takeTheCore } from './cores.ts'
import { counterOf, perRequest } from './counters.ts'
import type { Loader } from './loader.ts'
import { CONNECTIONS, measure, warmUp, type Sample, type Window } from './measure.ts'
import { commandsKey, type ProcessResult } from './results.ts'
import { bareScenario, type Scenario } from './scenarios.ts'

/** How long and how often a round measures. */
export interface Plan {
  /** The number of windows of each process that count. */
  readonly windows: number
  readonly window: Window
  /**
   * The minimum number of warm-up requests on each connection in each scenario. Over all scenarios of a server, they are at
   * least three times as many.
   */
  readonly warmUp: number
}

/** What a round needs in order to measure. */
export interface Setting {
  readonly places: Places
  readonly loader: Loader
  readonly scenarios: readonly Scenario[]
  readonly plan: Plan
  /** Collects commands per request by `commandsKey`. Entries that exist already are not counted again. */
  readonly commands: Map<string, string>
  readonly report: (line: string) => void
}

/**
 * Measures all contenders on one framework, the bare one included, in one process each. They take turns: each has its first
 * window before any has its second.
 */
export async function measureRound(
  group: readonly Contender[],
  setting: Setting,
): Promise<readonly ProcessResult[]> {
  const { places, loader, plan, scenarios, report } = setting
  const framework = group[0]?.framework ?? ''
  report(`${framework}, warming up`)
  // All servers warm up at once and on all cores, since V8 compiles on threads of its own.
  takeAllCores()
  const folder = mkdtempSync(join(places.folder, 'round-'))
  const running = await startAll(group, { ...places, folder })
  leaveACore()
  try {
    await Promise.all(
      running.map((server) => {
        const own = scenarios.filter((scenario) => takesPart(server.contender, scenario))
        const requests = Math.max(plan.warmUp, Math.ceil((3 * plan.warmUp) / own.length))
        return warmUp(server, loader, own, requests)
      }),
    )
    for (const { pid } of running) takeTheCore(pid)
    const results: ProcessResult[] = []
    for (const scenario of scenarios) {
      report(`${framework}, ${scenario.title}`)
      const participants = running.filter(({ contender }) => takesPart(contender, scenario))
      results.push(...(await measureScenario(participants, scenario, setting)))
      for (const server of participants) await countCommands(server, scenario, setting)
    }
    return results
  } finally {
    await Promise.all(
      running.map(async (server) => {
        await loader.leave(server.port)
        await server.close()
      }),
    )
  }
}

async function startAll(group: readonly Contender[], places: Places): Promise<readonly Running[]> {
  const starting = group.map((contender) => startContender(contender, places))
  const settled = await Promise.allSettled(starting)
  const failed = settled.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) {
    for (const outcome of settled) {
      if (outcome.status === 'fulfilled') await outcome.value.close()
    }
    throw failed.reason
  }
  return Promise.all(starting)
}

async function measureScenario(
  servers: readonly Running[],
  scenario: Scenario,
  { loader, plan }: Setting,
): Promise<readonly ProcessResult[]> {
  const all = servers.map(({ contender }) => ({ contender, samples: [] as Sample[] }))
  for (let window = 0; window <= plan.windows; window++) {
    for (const [index, server] of servers.entries()) {
      const asked = server.contender.kind === 'bare' ? bareScenario : scenario
      const sample = await measure(server, loader, asked, plan.window)
      // The first window does not count: other scenarios have undone some of V8's optimisations for this one.
      if (window > 0) all[index]?.samples.push(sample)
    }
  }
  const bare = all.find(({ contender }) => contender.kind === 'bare')?.samples ?? []
  return all.map((server) => ({ ...server, scenario: scenario.name, bare }))
}

async function countCommands(
  server: Running,
  scenario: Scenario,
  { places, loader, commands }: Setting,
): Promise<void> {
  const key = commandsKey(server.contender.name, scenario.name)
  const count = commands.has(key) ? undefined : counterOf(server, places)
  if (count === undefined) return
  const counts = await count(async () => {
    await loader.ask({ ...scenario, port: server.port, connections: CONNECTIONS, requests: 4 })
  })
  commands.set(key, perRequest(counts, 4 * CONNECTIONS))
}

const inEveryScenario = new Set(['memory', 'redis', 'signed-cookie', 'encrypted-cookie'])

/**
 * Whether a contender is measured in a scenario. An untouched session costs the same over every store, so only some stores
 * are measured there; that a cookie makes no difference to it is a claim of ours alone, so peers are not.
 */
function takesPart({ kind, store }: Contender, { name, path, withCookie }: Scenario): boolean {
  // The headers cost the same in every scenario that sends a cookie.
  if (kind === 'floor' && store === 'none') return name === 'first-visit'
  if (path !== '/untouched' || kind === 'bare') return true
  if (!inEveryScenario.has(store)) return false
  return kind === 'ours' || (kind === 'peer' && !withCookie)
}
