import { contenders } from '../contenders/contenders.ts'
import type { Contender } from '../contenders/contender.ts'
import { openPlaces } from '../contenders/open-places.ts'
import { isWanted, type BenchOptions, type Section, type Table } from '../section.ts'
import { leaveACore, loaders, takeAllCores } from './cores.ts'
import { atCheapest } from './floor.ts'
import { goalTables } from './goal-tables.ts'
import { startLoader } from './loader.ts'
import type { Plan } from './round.ts'
import { measureRounds, type Failure, type Repetition } from './rounds.ts'
import { scenarios } from './scenarios.ts'
import { measurementTables } from './tables.ts'

/** The number of rounds, each of which starts a new process of every contender. */
const ROUNDS = 2

/** Seconds for all rounds, so that the whole benchmark ends within fifteen minutes, with `--quick` within three. */
const BUDGET = { full: 540, quick: 90 }

const full: Plan = {
  windows: 2,
  window: { milliseconds: 50, requests: 16, patience: 160 },
  warmUp: 64,
}

const quick: Plan = {
  windows: 2,
  window: { milliseconds: 40, requests: 12, patience: 120 },
  warmUp: 36,
}

/** Measures whole servers under load. */
export const http: Section = {
  name: 'http',
  title: 'Servers under load',

  async run(options, report): Promise<readonly Table[]> {
    const chosen = choose(options)
    if (!leaveACore()) {
      report('no core is reserved for the server: that needs taskset and at least two cores')
    }
    const { places, close } = await openPlaces(chosen.map(({ store }) => store))
    const loader = await startLoader(loaders)
    try {
      const commands = new Map<string, string>()
      const { all, failures } = await measureRounds(chosen, repetition(options), {
        places,
        loader,
        commands,
        report,
        plan: options.quick ? quick : full,
        scenarios: scenarios.filter(
          ({ name, quick: inQuick }) =>
            isWanted(name, options.scenarios) && (inQuick || !options.quick),
        ),
      })
      const results = { all, commands }
      return [...failureTables(failures), ...goalTables(results), ...measurementTables(results)]
    } finally {
      loader.close()
      await close()
      takeAllCores()
    }
  },
}

function repetition({ runs, quick }: BenchOptions): Repetition {
  if (runs !== undefined) return { rounds: runs, budget: Infinity }
  return { rounds: ROUNDS, budget: quick ? BUDGET.quick : BUDGET.full }
}

function failureTables(rows: readonly Failure[]): readonly Table[] {
  if (rows.length === 0) return []
  process.exitCode = 1
  return [{ title: 'Not measured', columns: ['On', 'Reason'], rows }]
}

/** The contenders asked for, with the bare frameworks and floors that they are compared with. */
function choose({ quick: onlyQuick, only }: BenchOptions): readonly Contender[] {
  const named = contenders.filter(
    (contender) =>
      contender.kind !== 'bare' &&
      (only.length > 0 ? isWanted(contender.name, only) : contender.quick || !onlyQuick),
  )
  const frameworks = new Set(named.map(({ framework }) => framework))
  const others = named.filter(({ kind }) => kind !== 'floor')
  /** Whether some chosen contender needs this floor: headers concern only ours; commands are compared on `node:http`. */
  const isNeeded = ({ framework, store }: Contender): boolean =>
    others.some((other) =>
      store === 'none'
        ? other.kind === 'ours' && framework === other.framework
        : store === atCheapest(other.store) &&
          (framework === other.framework || framework === 'http'),
    )
  const marks = contenders.filter(
    (contender) =>
      (contender.kind === 'bare' &&
        (frameworks.has(contender.framework) || contender.framework === 'http')) ||
      (contender.kind === 'floor' && isNeeded(contender)),
  )
  return contenders.filter((contender) => named.includes(contender) || marks.includes(contender))
}
