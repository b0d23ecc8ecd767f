import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const leash = fileURLToPath(new URL('leash.mjs', import.meta.url))

/** A program to run, and how its output tells where it listens. */
export interface ServerProgram {
  readonly command: readonly [program: string, ...args: string[]]
  readonly env?: Readonly<Record<string, string>> | undefined
  /** The URL, if this line of its output contains it. */
  readonly readUrl: (line: string) => string | undefined
}

/** A server in a process of its own. */
export interface LeashedServer {
  /** Rejects if the process ends without one. */
  readonly url: Promise<string>
  /** Resolves when the process is gone. */
  close(): Promise<void>
}

/** Starts a server that ends with this process at the latest. */
export function startLeashed({ command, env, readUrl }: ServerProgram): LeashedServer {
  const child = spawn(process.execPath, [leash, ...command], { env: { ...process.env, ...env } })
  const closed = once(child, 'close')
  let printed = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const url = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = readUrl(line)
      if (found === undefined) printed += `${line}\n`
      else resolve(found)
    })
    closed.then(
      () => reject(new Error(`The server ended: ${command.join(' ')}\n${printed}`)),
      reject,
    )
  })
  // A caller that only closes the server never awaits the URL.
  url.catch(() => {})
  return {
    url,
    async close() {
      child.stdin.end()
      await closed
    },
  }
}
