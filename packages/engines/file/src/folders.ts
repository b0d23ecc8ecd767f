import { codeOf, makeFolder, statLink, unlessAbsent } from './files.ts'

/** The folders below a directory, and the directory itself. */
export interface Folders {
  /**
   * Rejects if the path is anything but a folder, such as a symlink, which would lead elsewhere. Checks each path only
   * once: whoever can replace a folder later can read the sessions anyway.
   */
  readonly check: (folder: string) => Promise<void>
  /** Creates the folder, and the directory above it, for this user alone. */
  readonly make: (folder: string) => Promise<void>
}

/** Creates folders, and remembers which ones it has checked. */
export function checkedFolders(): Folders {
  const checked = new Set<string>()

  const check = async (folder: string): Promise<void> => {
    if (checked.has(folder)) return
    const found = await unlessAbsent(statLink(folder))
    if (!found) return
    if (!found.isDirectory()) throw notFolder(folder, found.isSymbolicLink())
    checked.add(folder)
  }
  return {
    check,
    async make(folder) {
      try {
        await makeFolder(folder, { recursive: true, mode: 0o700 })
      } catch (error) {
        // The error of `check` names what is there instead.
        if (codeOf(error) === 'EEXIST') await check(folder)
        throw error
      }
    },
  }
}

function notFolder(folder: string, isLink: boolean): Error {
  const what = isLink ? 'a symlink, which is not followed' : 'a file'
  const error = new Error(`${folder} must be a folder of session files, but is ${what}. Remove it.`)
  return Object.assign(error, { code: 'ENOTDIR' })
}
