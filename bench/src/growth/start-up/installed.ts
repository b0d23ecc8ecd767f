import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The number and disk size of packages with all their dependencies. */
export interface Installed {
  readonly packages: number
  readonly bytes: number
}

interface Manifest {
  readonly files?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
}

const bench = fileURLToPath(new URL('../../..', import.meta.url))

/**
 * Measures installed packages and their dependencies. Peer dependencies, that is frameworks and drivers, are not counted.
 *
 * @param names Packages that the benchmark depends on.
 */
export function installed(names: readonly string[]): Installed {
  const folders = new Set<string>()
  for (const name of names) collect(folderOf(name, bench), folders)
  const bytes = [...folders].reduce((sum, folder) => sum + packedSize(folder), 0)
  return { packages: folders.size, bytes }
}

function collect(folder: string, folders: Set<string>): void {
  if (folders.has(folder)) return
  folders.add(folder)
  const { dependencies = {} } = manifestOf(folder)
  for (const name of Object.keys(dependencies)) collect(folderOf(name, folder), folders)
}

/** The folder of a package, resolved from the folder of one that depends on it. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name)
  if (existsSync(folder)) return realpathSync(folder)
  if (dirname(from) === from) throw new Error(`${name} is not installed.`)
  return folderOf(name, dirname(from))
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** The size of a package as published: the folders of our own packages contain more than that. */
function packedSize(folder: string): number {
  const isOurs = !folder.includes(join('node_modules', '.pnpm'))
  if (!isOurs) return sizeOf(folder)
  const names = [...(manifestOf(folder).files ?? []), 'package.json', 'README.md', 'LICENSE']
  const paths = names.map((name) => join(folder, name)).filter((path) => existsSync(path))
  return paths.reduce((sum, path) => sum + sizeOf(path), 0)
}

function sizeOf(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  const entries = readdirSync(path).filter((name) => name !== 'node_modules')
  return entries.reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
