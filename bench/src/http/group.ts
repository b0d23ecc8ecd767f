import type { Contender } from '../contenders/contender.ts'
import type { Places } from '../contenders/places.ts'
import { startContender, type Running } from '../contenders/running.ts'
import { takeTheCore } from './cores.ts'
import { counterOf, perRequest } from './counters.ts'
import type { Loader } from './loader.ts'
import { CONNECTIONS, measure, warmUp, type Sample, type Window } from './measure.ts'
import { commandsKey, type Result } from './results.ts'
import { bareScenario, type Scenario } from './scenarios.ts'

/** How long and how often is measured. */
export interface Plan {
  readonly runs: number
  readonly window: Window
  /** How many requests each connection sends in each scenario before the first run. */
  readonly warmUp: number
}

/** What is needed to measure. */
export interface Setting {
  readonly places: Places
  readonly loader: Loader
  readonly scenarios: readonly Scenario[]
  readonly plan: Plan
  readonly commands: Map<string, string>
  readonly report: (line: string) => void
}

/** Measures all contenders on one framework, the bare one first, in turns: each run goes through all of them. */
export async function measureGroup(
  group: readonly Contender[],
  setting: Setting,
): Promise<readonly Result[]> {
  const { places, loader, plan, scenarios, report } = setting
  const running = await startAll(group, places)
  try {
    report(`${group[0]?.framework}, warming up`)
    // Side by side and on all cores: compilers have threads of their own.
    await Promise.all(
      running.map((server) => {
        const own = scenarios.filter((scenario) => takesPart(server.contender, scenario))
        return warmUp(server, loader, own, plan.warmUp)
      }),
    )
    for (const { pid } of running) takeTheCore(pid)
    const results: Result[] = []
    for (const scenario of scenarios) {
      report(`${group[0]?.framework}, ${scenario.title}`)
      const taking = running.filter(({ contender }) => takesPart(contender, scenario))
      results.push(...(await measureScenario(taking, scenario, setting)))
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
  { places, loader, plan, commands }: Setting,
): Promise<readonly Result[]> {
  const samples = new Map<Running, Sample[]>(servers.map((server) => [server, []]))
  for (let run = 0; run <= plan.runs; run++) {
    for (const [server, list] of samples) {
      const asked = server.contender.kind === 'bare' ? bareScenario : scenario
      const sample = await measure(server, loader, asked, plan.window)
      // The first one is for what the warm-up of other scenarios has unlearned.
      if (run > 0) list.push(sample)
    }
  }
  for (const server of servers) {
    const count = counterOf(server, places)
    if (count === undefined) continue
    const counts = await count(async () => {
      await loader.ask({ ...scenario, port: server.port, connections: CONNECTIONS, requests: 4 })
    })
    const key = commandsKey(server.contender.name, scenario.name)
    commands.set(key, perRequest(counts, 4 * CONNECTIONS))
  }
  const bare = [...samples].find(([{ contender }]) => contender.kind === 'bare')?.[1] ?? []
  return [...samples].map(([{ contender }, list]) => ({
    contender,
    scenario: scenario.name,
    samples: list,
    bare,
  }))
}

const inEveryScenario = new Set(['memory', 'redis', 'signed-cookie', 'encrypted-cookie'])

/** What does not touch the session costs the same over every store; with a cookie, that is our claim alone. */
function takesPart({ kind, store }: Contender, { name, path, withCookie }: Scenario): boolean {
  // Headers are the same wherever a cookie is sent.
  if (kind === 'floor' && store === 'none') return name === 'first-visit'
  if (path !== '/untouched' || kind === 'bare') return true
  if (!inEveryScenario.has(store)) return false
  return kind === 'ours' || (kind === 'peer' && !withCookie)
}
