import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../../testing/test/support/free-port.ts'

/** A server that a test may break. */
export interface OwnServer {
  readonly url: string
  readonly port: number
  /** A separate client, with which tests inspect and break the server. */
  readonly admin: Redis
  /** Kills it with SIGKILL, as the system does when memory runs out. */
  readonly kill: () => Promise<void>
  /** Starts it again on the data that it had written. */
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Starts a `redis-server` that writes each command to a file before it answers. */
export async function ownServer(...settings: readonly string[]): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sessions-redis-'))
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    // Not `everysec`, with which Redis answers first while the disk is busy.
    const log = ['--appendonly', 'yes', '--appendfsync', 'no']
    child = spawn('redis-server', [...args, ...log, ...settings], { stdio: 'pipe' })
    await ready(child)
  }
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  await start()
  const url = `redis://127.0.0.1:${port}`
  const admin = new Redis(url, { retryStrategy: () => 20 })
  admin.on('error', () => undefined)
  return {
    url,
    port,
    admin,
    kill,
    start,
    async close() {
      admin.disconnect()
      await kill()
      rmSync(folder, { recursive: true, force: true, maxRetries: 50 })
    },
  }
}

/** How often the server has executed each command, including those inside scripts, by name. */
export async function commandCounts({ admin }: OwnServer): Promise<ReadonlyMap<string, number>> {
  const info = await admin.info('commandstats')
  return new Map(
    [...info.matchAll(/cmdstat_(\S+):calls=(\d+)/g)].map(([, name = '', calls]) => [
      name,
      Number(calls),
    ]),
  )
}

async function ready(child: ChildProcess): Promise<void> {
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      if (output.includes('Ready to accept connections')) resolve()
    })
    child.on('error', (cause) => reject(new Error('redis-server is needed.', { cause })))
    child.on('exit', () => reject(new Error(`redis-server did not start:\n${output}`)))
  })
}
