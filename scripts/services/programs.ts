import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { installDebian } from './debian.ts'
import { findExecutable } from './executables.ts'
import type { Service } from './service.ts'

/** Returns the absolute path of a program, by the first of its names. */
export type FindProgram = (name: string) => string

/**
 * Finds the programs of a service on the PATH or in Debian's folders; if one is missing, installs the Debian package.
 *
 * @throws {Error} if they are missing and cannot be installed; the message says what to install.
 */
export async function programsOf({ title, variable, programs }: Service): Promise<FindProgram> {
  const locate = (): readonly (string | undefined)[] => {
    const folders = programs.folders.flatMap(expand)
    return programs.names.map((names) => findExecutable(names, folders))
  }
  let found = locate()
  if (found.includes(undefined)) {
    const remedy = `install it (the Debian package is ${programs.package}), or set ${variable} to the URL of a server.`
    await installDebian([programs.package], `${title} was not found: ${remedy}`)
    found = locate()
    if (found.includes(undefined)) {
      throw new Error(`${title} was not found, even in its Debian package: ${remedy}`)
    }
  }
  return (name) => {
    const path = found[programs.names.findIndex(([first]) => first === name)]
    if (path === undefined) throw new Error(`${title} has no program ${name}.`)
    return path
  }
}

// Expands a pattern such as `/usr/lib/postgresql/*/bin` to the folders of all versions, the newest first.
function expand(pattern: string): readonly string[] {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return [pattern]
  if (!existsSync(before)) return []
  return readdirSync(before)
    .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => join(before, version, after))
}
