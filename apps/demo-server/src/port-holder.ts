import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A process that listens on a port. */
export interface PortHolder {
  readonly pid: number
  /** Its command line, shortened. */
  readonly command: string
}

/**
 * Finds the process that listens on a port of this machine: under `/proc` on Linux, with `lsof` elsewhere.
 *
 * @returns undefined if it cannot be found, for example because it belongs to another user.
 */
export async function findPortHolder(port: number): Promise<PortHolder | undefined> {
  return (await fromProc(port)) ?? (await fromLsof(port))
}

async function fromProc(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readOrEmpty))
  const sockets = new Set(
    tables.flatMap((table) => listenersIn(table, port)).map((inode) => `socket:[${inode}]`),
  )
  if (sockets.size === 0) return undefined
  for (const pid of (await listOrEmpty('/proc')).filter((name) => /^\d+$/.test(name))) {
    const files = await listOrEmpty(`/proc/${pid}/fd`)
    const targets = await Promise.all(files.map((file) => targetOf(`/proc/${pid}/fd/${file}`)))
    if (!targets.some((target) => sockets.has(target))) continue
    const line = await readOrEmpty(`/proc/${pid}/cmdline`)
    return { pid: Number(pid), command: shorten(line.replaceAll('\0', ' ')) }
  }
  return undefined
}

/** The inodes of the sockets that listen on a port. The columns: `sl local_address rem_address st … inode …`. */
function listenersIn(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const LISTEN = '0A'
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => local.endsWith(suffix) && state === LISTEN)
    .flatMap(([, , , , , , , , , inode]) => inode ?? [])
}

async function fromLsof(port: number): Promise<PortHolder | undefined> {
  try {
    const run = promisify(execFile)
    const found = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'])
    const pid = Number.parseInt(found.stdout, 10)
    const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)])
    return { pid, command: shorten(stdout) }
  } catch {
    return undefined
  }
}

/** Removes the program's folder, and limits the length. */
function shorten(command: string): string {
  const line = command.trim().replace(/^\S*\//, '')
  return line.length > 120 ? `${line.slice(0, 119)}…` : line
}

const readOrEmpty = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
const listOrEmpty = (path: string): Promise<string[]> => readdir(path).catch(() => [])
const targetOf = (path: string): Promise<string> => readlink(path).catch(() => '')
