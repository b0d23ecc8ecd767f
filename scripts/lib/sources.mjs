import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const skipped = new Set(['node_modules', 'dist', '.git', '.turbo', '.data'])

/**
 * Lists the files below a folder whose names match, in a stable order; none if the folder does not exist.
 *
 * @param {string} folder
 * @param {RegExp} name
 * @returns {string[]} absolute paths if `folder` is absolute
 */
export const filesBelow = (folder, name) => {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) {
        return skipped.has(entry.name) ? [] : filesBelow(join(folder, entry.name), name)
      }
      return name.test(entry.name) ? [join(folder, entry.name)] : []
    })
}

/** Matches the names of source files. */
export const sourceName = /\.[cm]?tsx?$/
