import { contenders } from '../contenders/contenders.ts'
import type { Contender } from '../contenders/contender.ts'
import { openPlaces } from '../contenders/open-places.ts'
import { isWanted, type BenchOptions, type Section, type Table } from '../section.ts'
import { leaveACore, loaders, takeAllCores } from './cores.ts'
import { goalTables } from './goal-tables.ts'
import { measureGroup, type Plan } from './group.ts'
import { startLoader } from './loader.ts'
import { atCheapest } from './own-cost.ts'
import type { Result } from './results.ts'
import { scenarios } from './scenarios.ts'
import { measurementTables } from './tables.ts'

const full: Plan = {
  runs: 4,
  window: { milliseconds: 100, requests: 30, patience: 400 },
  warmUp: 72,
}

const quick: Plan = {
  runs: 4,
  window: { milliseconds: 60, requests: 20, patience: 300 },
  warmUp: 60,
}

/** Whole servers, loaded from outside. */
export const http: Section = {
  name: 'http',
  title: 'Servers under load',

  async run(options, report): Promise<readonly Table[]> {
    const chosen = choose(options)
    if (!leaveACore()) report('no core of its own for the server: taskset is missing, or cores')
    const { places, close } = await openPlaces(chosen.map(({ store }) => store))
    const loader = await startLoader(loaders)
    try {
      const all: Result[] = []
      const commands = new Map<string, string>()
      const failures: (readonly [framework: string, reason: string])[] = []
      const base = options.quick ? quick : full
      for (const group of groupsOf(chosen)) {
        const setting = {
          places,
          loader,
          commands,
          report,
          scenarios: scenarios.filter(
            ({ name, quick: inQuick }) =>
              isWanted(name, options.scenarios) && (inQuick || !options.quick),
          ),
          plan: { ...base, runs: options.runs ?? base.runs },
        }
        try {
          all.push(...(await measureGroup(group, setting)))
        } catch (error) {
          // What was measured on other frameworks is worth as much.
          report(String(error))
          failures.push([group[0]?.framework ?? '', String(error)])
        }
      }
      const results = { all, commands }
      return [...failureTables(failures), ...goalTables(results), ...measurementTables(results)]
    } finally {
      loader.close()
      await close()
      takeAllCores()
    }
  },
}

function failureTables(rows: readonly (readonly string[])[]): readonly Table[] {
  if (rows.length === 0) return []
  process.exitCode = 1
  return [{ title: 'Not measured', columns: ['On', 'Reason'], rows }]
}

/** Those asked for, and what they are compared with: frameworks and floors. */
function choose({ quick: onlyQuick, only }: BenchOptions): readonly Contender[] {
  const named = contenders.filter(
    (contender) =>
      contender.kind !== 'bare' &&
      (only.length > 0 ? isWanted(contender.name, only) : contender.quick || !onlyQuick),
  )
  const frameworks = new Set(named.map(({ framework }) => framework))
  const isUnderOne = ({ framework, store }: Contender): boolean =>
    named.some(
      (other) =>
        other.kind !== 'floor' &&
        atCheapest(other.store) === store &&
        (framework === other.framework || framework === 'http'),
    )
  const marks = contenders.filter(
    (contender) =>
      (contender.kind === 'bare' &&
        (frameworks.has(contender.framework) || contender.framework === 'http')) ||
      (contender.kind === 'floor' && isUnderOne(contender)),
  )
  return contenders.filter((contender) => named.includes(contender) || marks.includes(contender))
}

/** By framework: what is compared is measured in turns. */
function groupsOf(chosen: readonly Contender[]): readonly (readonly Contender[])[] {
  const frameworks = [...new Set(chosen.map(({ framework }) => framework))]
  return frameworks.map((framework) => chosen.filter((each) => each.framework === framework))
}
