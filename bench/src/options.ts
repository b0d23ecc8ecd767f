import { parseArgs } from 'node:util'
import type { BenchOptions } from './section.ts'

/** The parsed command line. */
export interface Options extends BenchOptions {
  /** The sections to run. */
  readonly names: readonly string[]
  /** The folder for `results.md` and `results.json`. */
  readonly out: string | undefined
}

/** The usage line, shown after an invalid option. */
export const usage = `npm run bench -- [--quick] [--sections NAME,…] [--only NAME,…] [--scenarios NAME,…] [--runs N] [--out FOLDER]`

/**
 * Parses the arguments of `npm run bench`.
 *
 * @param known The names of all sections.
 * @throws {Error} if an option, section or number is invalid.
 */
export function parseOptions(args: readonly string[], known: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      scenarios: { type: 'string', multiple: true },
      runs: { type: 'string' },
      sections: { type: 'string', multiple: true },
      out: { type: 'string' },
    },
  })
  const names = lists(values.sections)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new Error(
      `--sections has no section named ${unknown.join(', ')}; the sections are ${known.join(', ')}.`,
    )
  }
  return {
    quick: values.quick,
    only: lists(values.only),
    scenarios: lists(values.scenarios),
    runs: values.runs === undefined ? undefined : positive(values.runs),
    names: known.filter((name) => names.length === 0 || names.includes(name)),
    out: values.out,
  }
}

function positive(value: string): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number > 0) return number
  throw new Error(`--runs must be a whole number of at least 1, not ${JSON.stringify(value)}.`)
}

function lists(values: readonly string[] = []): readonly string[] {
  return values
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
