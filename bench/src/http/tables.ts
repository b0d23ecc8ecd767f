import type { Contender } from '../contenders/contender.ts'
import type { Table } from '../section.ts'
import {
  addedOf,
  commandsKey,
  costOf,
  resultOf,
  samplesOf,
  type Figure,
  type Result,
  type Results,
} from './results.ts'
import { scenarios, type Scenario } from './scenarios.ts'
import { median } from '../quantile.ts'

/** The cell of a table where there is nothing to show. */
export const NONE = '–'

/** Microseconds with one decimal; `NONE` for undefined. */
export const inMicros = (value: number | undefined): string =>
  value === undefined ? NONE : value.toFixed(1)

/** A figure's spread, if there is one: ` ±1.2`. */
export const spreadOf = ({ spread }: Figure): string =>
  spread === undefined ? '' : ` ±${inMicros(spread)}`

/** A number with its sign and one decimal. */
export const signed = (value: number): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

const rateOf = (result: Result): number => median(samplesOf(result).map(({ rate }) => rate))

const p99Of = (result: Result): number => median(samplesOf(result).map(({ p99 }) => p99))

/** The tables of bare frameworks and of each contender's CPU time, throughput and commands. */
export function measurementTables(results: Results): readonly Table[] {
  const contenders = [...new Set(results.all.map(({ contender }) => contender))]
  const inOrder = contenders.filter(({ kind }) => kind !== 'bare')
  return [
    bareTable(results),
    {
      ...tableOf(
        results,
        inOrder,
        (result) => `${inMicros(costOf(result).micros)} (${signed(addedOf(result).micros)})`,
      ),
      title: 'CPU time for each request',
      note: 'User and kernel time of the server process, in microseconds; in brackets, what the contender adds to the bare framework in the same round.',
    },
    {
      ...tableOf(
        results,
        inOrder,
        (result) => `${whole(rateOf(result))} (${p99Of(result).toFixed(1)})`,
      ),
      title: 'Requests per second',
      note: 'On one core; in brackets, the 99th percentile of the response time, in milliseconds.',
    },
    commandsTable(results, inOrder),
  ]
}

function bareTable(results: Results): Table {
  const found = results.all.filter(
    ({ contender, scenario }) => contender.kind === 'bare' && scenario === results.all[0]?.scenario,
  )
  return {
    title: 'Bare frameworks',
    columns: ['Framework', 'CPU µs', 'Requests/s', 'p99 ms'],
    rows: found.map((result) => [
      result.contender.framework,
      inMicros(costOf(result).micros),
      whole(rateOf(result)),
      p99Of(result).toFixed(1),
    ]),
  }
}

const measured = ({ all }: Results): readonly Scenario[] =>
  scenarios.filter(({ name }) => all.some(({ scenario }) => scenario === name))

const head = ['Library', 'On', 'Store'] as const

const headOf = ({ library, framework, store }: Contender): readonly string[] => [
  library,
  framework,
  store,
]

function tableOf(
  results: Results,
  contenders: readonly Contender[],
  cell: (result: Result) => string,
): Pick<Table, 'columns' | 'rows'> {
  const columns = measured(results)
  return {
    columns: [...head, ...columns.map(({ title }) => title)],
    rows: contenders.map((contender) => [
      ...headOf(contender),
      ...columns.map(({ name }) => {
        const result = resultOf(results, contender.name, name)
        return result === undefined ? NONE : cell(result)
      }),
    ]),
  }
}

function commandsTable(results: Results, contenders: readonly Contender[]): Table {
  const columns = measured(results)
  const counted = contenders.filter(({ name }) =>
    columns.some((scenario) => results.commands.has(commandsKey(name, scenario.name))),
  )
  return {
    title: 'Commands for each request',
    note: 'As counted by the store itself. Commands that a script runs inside Redis are not included.',
    columns: [...head, ...columns.map(({ title }) => title)],
    rows: counted.map((contender) => [
      ...headOf(contender),
      ...columns.map(({ name }) => results.commands.get(commandsKey(contender.name, name)) ?? NONE),
    ]),
  }
}
