import { codeOf, makeFolder, statLink, unlessAbsent } from './files.ts'

/** The folders below a directory, and the directory itself. */
export interface Folders {
  /**
   * Makes sure that the path is a folder, and not a symlink, for example, which would lead elsewhere. Looks once:
   * whoever can put one there later can read the sessions anyway.
   */
  readonly check: (folder: string) => Promise<void>
  /** Makes the folder, and the directory above it, for this user alone. */
  readonly make: (folder: string) => Promise<void>
}

/** Begins with no folder checked. */
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
        // The error of what is there instead says more.
        if (codeOf(error) === 'EEXIST') await check(folder)
        throw error
      }
    },
  }
}

function notFolder(folder: string, isLink: boolean): Error {
  const what = isLink ? 'a symlink, which is not followed' : 'a file'
  const error = new Error(`${folder} is ${what}: a folder of session files has to be there.`)
  return Object.assign(error, { code: 'ENOTDIR' })
}
