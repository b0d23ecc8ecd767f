import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The machine, system and versions of a run. */
export interface Machine {
  readonly date: string
  readonly command: string
  readonly cpu: string
  readonly cores: number
  readonly memory: string
  readonly system: string
  readonly node: string
  /** The version of each package that takes part, by name. */
  readonly versions: Readonly<Record<string, string>>
}

/** Describes this machine and the installed versions. */
export function describeMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GB`,
    system: `${process.platform} ${release()}`,
    node: process.versions.node,
    versions: versions(),
  }
}

interface Manifest {
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const folder = dirname(fileURLToPath(new URL('.', import.meta.url)))

const manifestOf = (path: string): Manifest =>
  JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest

function versions(): Readonly<Record<string, string>> {
  const names = Object.keys(manifestOf(folder).dependencies ?? {})
  const others = names.filter((name) => !name.startsWith('@sessions/'))
  return Object.fromEntries(
    others.map((name) => [name, manifestOf(join(folder, 'node_modules', name)).version]),
  )
}
