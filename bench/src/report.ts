import type { Machine } from './machine.ts'
import type { Table } from './section.ts'

/** The results of one section. */
export interface SectionResult {
  readonly name: string
  readonly title: string
  readonly seconds: number
  readonly tables: readonly Table[]
}

/** The results of a run of the benchmark. */
export interface Run {
  readonly machine: Machine
  readonly results: readonly SectionResult[]
}

/** Formats a run as JSON. */
export const toJson = (run: Run): string => `${JSON.stringify(run, undefined, 2)}\n`

/** Formats a run as Markdown. */
export function toMarkdown({ machine, results }: Run): string {
  const parts = [
    '# Results',
    machineText(machine),
    ...results.flatMap(({ title, seconds, tables }) => [
      `## ${title}`,
      `Measured in ${seconds} s.`,
      ...tables.flatMap(tableParts),
    ]),
  ]
  return `${parts.join('\n\n')}\n`
}

function machineText(machine: Machine): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`)
  return [
    `\`${machine.command}\` on ${machine.date}: Node ${machine.node}, ${machine.cores} cores of ${machine.cpu}, ${machine.memory}, ${machine.system}.`,
    `With ${versions.join(', ')}.`,
  ].join('\n\n')
}

function tableParts({ title, note, columns, rows }: Table): readonly string[] {
  const numeric = columns.map(
    (_, index) => rows.length > 0 && rows.every((row) => isNumeric(row[index])),
  )
  const lines = [
    line(columns),
    line(numeric.map((right) => (right ? '--:' : '---'))),
    ...rows.map((row) => line(row.map(cell))),
  ]
  return [`### ${title}`, ...(note === undefined ? [] : [note]), lines.join('\n')]
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const cell = (value: string | number): string =>
  typeof value === 'number' ? value.toLocaleString('en-US') : value.replaceAll('|', '\\|')

/** Whether a cell is a number, or a text to align like one: `–`, `< 0.1`, `12.3 (+4.5)`, `12.3 ±0.4 (1.2)`. */
const isNumeric = (value: string | number | undefined): boolean =>
  typeof value !== 'string' || /^[–<>+−-]?\s?[\d.,]*(?:\s?±[\d.,]+)?(?:\s?\([^)]*\))?$/.test(value)
