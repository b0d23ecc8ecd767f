import { parseArgs } from 'node:util'
import type { BenchOptions } from './section.ts'

/** The command line, read. */
export interface Options extends BenchOptions {
  /** The sections to run. */
  readonly names: readonly string[]
  /** The folder for `results.md` and `results.json`. */
  readonly out: string | undefined
}

/** What the command takes, for whoever asks it for something else. */
export const usage = `npm run bench -- [--quick] [--sections NAME,…] [--only NAME,…] [--scenarios NAME,…] [--runs N] [--out FOLDER]`

/**
 * Reads the arguments of `npm run bench`.
 *
 * @throws {Error} when they make no sense, with a sentence that says why.
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
    throw new Error(`No section is called ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
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
  throw new Error(`--runs takes a whole number from 1, not ${JSON.stringify(value)}.`)
}

function lists(values: readonly string[] = []): readonly string[] {
  return values
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
