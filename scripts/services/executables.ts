import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of a program, by the first of its names that is on the PATH or in one of the folders. */
export function findExecutable(
  names: readonly string[],
  folders: readonly string[],
): string | undefined {
  const all = [...(process.env['PATH'] ?? '').split(delimiter), ...folders]
  return names.flatMap((name) => all.map((folder) => join(folder, name))).find(isExecutable)
}

/** Whether this process may execute the file at a path. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
