import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const skipped = new Set(['node_modules', 'dist', 'coverage', '.git', '.turbo', '.data'])

/**
 * Every file below a folder whose name matches, in a stable order; none where the folder is not there.
 *
 * @param {string} folder
 * @param {RegExp} name
 * @returns {string[]} absolute where the folder is
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

/** What counts as source code. */
export const sourceName = /\.[cm]?tsx?$/
