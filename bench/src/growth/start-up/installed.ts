import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What some packages take on the disk, with all that they depend on. */
export interface Installed {
  readonly packages: number
  readonly bytes: number
}

interface Manifest {
  readonly files?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
}

const bench = fileURLToPath(new URL('../../..', import.meta.url))

/** The size of packages that the benchmark depends on. Frameworks and drivers, their peers, are not counted. */
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

/** Where a package is that another one depends on. */
function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name)
  if (existsSync(folder)) return realpathSync(folder)
  if (dirname(from) === from) throw new Error(`${name} is not installed.`)
  return folderOf(name, dirname(from))
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** What is in the registry: of our own packages, less than lies here. */
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
