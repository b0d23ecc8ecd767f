import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { installDebian } from './debian.ts'
import type { Service } from './service.ts'

/** Finds a program by the first of its names. */
export type FindProgram = (name: string) => string

/**
 * Finds the programs of a service on the PATH or where Debian puts them, or installs Debian's package.
 *
 * @throws {Error} when they are not there and cannot be installed, with a sentence that says what to install.
 */
export async function programsOf({ title, variable, programs }: Service): Promise<FindProgram> {
  const locate = (): readonly (string | undefined)[] => {
    const folders = [
      ...(process.env['PATH'] ?? '').split(delimiter),
      ...programs.folders.flatMap(expand),
    ]
    return programs.names.map((names) => findIn(folders, names))
  }
  let found = locate()
  if (found.includes(undefined)) {
    const remedy = `install it (Debian's package is ${programs.package}), or name a server in ${variable}.`
    await installDebian([programs.package], `${title} is needed and not there: ${remedy}`)
    found = locate()
    if (found.includes(undefined)) {
      throw new Error(`${title} is needed, and Debian's package lacks its programs: ${remedy}`)
    }
  }
  return (name) => {
    const path = found[programs.names.findIndex(([first]) => first === name)]
    if (path === undefined) throw new Error(`${title} has no program ${name}.`)
    return path
  }
}

function findIn(folders: readonly string[], names: readonly string[]): string | undefined {
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// A pattern such as `/usr/lib/postgresql/*/bin` is that folder of each version, the newest first.
function expand(pattern: string): readonly string[] {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return [pattern]
  if (!existsSync(before)) return []
  return readdirSync(before)
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => join(before, version, after))
}
