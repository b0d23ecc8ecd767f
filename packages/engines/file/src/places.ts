import { basename, dirname, join } from 'node:path'
import { platform } from '@sessions/core/platform'

/** The file of a record. */
export interface Place {
  /** The name of its file, without the folder. */
  readonly name: string
  /** The folder, named after the last two characters of the file's name: with a million files, some 4,000 in each. */
  readonly folder: string
  readonly path: string
}

/** The kinds of files in the directory. */
export type Kind = 'record' | 'lock' | 'temporary' | 'owner' | 'foreign'

const DIGEST = /^[0-9a-f]{64}$/
const FILE = /^x?[0-9a-f]{64}(?<rest>\..*)?$/
const FOLDER = /^[0-9a-f]{2}$/
const OWNER = /^owner-[\w-]+$/
const LOCK = /^(\.lock)(\.steal)*$/
const TEMPORARY = /^\.[\w-]+\.tmp$/

/**
 * The file of an id's record. An id that is a digest, as core's are, is the file's name. For any other id, the name is
 * the letter x and the id's digest: no id leads out of the directory, and no session key is ever a file's name.
 */
export function placeOf(directory: string, id: string): Place {
  // As JSON, because two ids that differ only in lone surrogates have the same UTF-8.
  const name = DIGEST.test(id) ? id : `x${platform.sha256Hex(JSON.stringify(id))}`
  const folder = join(directory, name.slice(-2))
  return { name, folder, path: join(folder, name) }
}

/** The lock of a record's file. */
export function lockOf(path: string): string {
  return `${path}.lock`
}

/** A temporary file beside the record's, with a unique name. */
export function temporaryOf(path: string): string {
  return `${path}.${token()}.tmp`
}

/** The record's file, given its lock or a temporary file. */
export function recordOf(path: string): string {
  const name = basename(path)
  return join(dirname(path), name.slice(0, name.indexOf('.')))
}

/** A unique name for the file of an owner of locks. */
export function ownerName(): string {
  return `owner-${token()}`
}

/** A random, unique string. */
export function token(): string {
  return platform.base64Url(platform.randomBytes(12))
}

/** Whether a folder of this name is one of the engine's. */
export function isFolder(name: string): boolean {
  return FOLDER.test(name)
}

/** The kind of a file with this name. */
export function kindOf(name: string): Kind {
  if (OWNER.test(name)) return 'owner'
  const match = FILE.exec(name)
  if (!match) return 'foreign'
  const rest = match.groups?.['rest']
  if (rest === undefined) return 'record'
  if (LOCK.test(rest)) return 'lock'
  return TEMPORARY.test(rest) ? 'temporary' : 'foreign'
}
