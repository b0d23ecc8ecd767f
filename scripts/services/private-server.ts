import { spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { programsOf } from './programs.ts'
import type { Command, Place, Service, User } from './service.ts'
import { serverUser } from './user.ts'

/** A private server on a free port, with its data in a temporary folder. */
export interface PrivateServer {
  readonly url: string
  /** Starts it again on the same port, with the data that it had stored. */
  readonly start: () => Promise<void>
  /** Kills it, as the kernel does when memory runs out. */
  readonly crash: () => Promise<void>
  /** Stops it and removes its folder. */
  readonly remove: () => Promise<void>
}

/** How long a server may take to start, in milliseconds: generous, since machines that run tests are busy. */
const START_TIMEOUT = 60_000

/** Sets a server up and starts it. */
export async function privateServer(service: Service): Promise<PrivateServer> {
  const program = await programsOf(service)
  const user = serverUser()
  const folder = mkdtempSync(join(tmpdir(), 'sessions-server-'))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  chmodSync(folder, 0o755)
  const children: ChildProcess[] = []

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await Promise.all(children.splice(0).map(async (child) => ended(child, signal)))
  }
  const remove = async (): Promise<void> => {
    await end('SIGQUIT')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
  try {
    const ports = await freePorts(service.ports ?? 1)
    const place: Place = { folder, program, user, port: ports[0] ?? 0, ports }
    const launch = service.launch(place)
    await service.prepare(place)
    const start = async (): Promise<void> => {
      for (const command of [launch, ...(launch.others ?? [])]) {
        children.push(await launched(command, place))
      }
    }
    await start()
    await service.form?.(place)
    return {
      url: launch.url,
      start,
      crash: () => end('SIGKILL'),
      async remove() {
        await end(launch.stop)
        await remove()
      },
    }
  } catch (error) {
    await remove()
    throw error
  }
}

/** Runs a program to its end, as the given user if there is one. */
export async function runAs(
  user: User | undefined,
  command: string,
  args: readonly string[],
): Promise<void> {
  const child = spawn(command, args, { ...user, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = outputOf(child)
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error(`${command} failed:\n${output()}`)
}

/** Starts a server, repeatedly until the time is up: a killed predecessor may still hold its port or a lock. */
async function launched(launch: Command, place: Place): Promise<ChildProcess> {
  const deadline = Date.now() + START_TIMEOUT
  for (;;) {
    const child = spawn(launch.command, launch.args, {
      ...place.user,
      cwd: place.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = outputOf(child)
    if (await becomesReady(child, output, launch.ready)) return child
    if (Date.now() > deadline) throw new Error(`${launch.command} did not start:\n${output()}`)
    await sleep(100)
  }
}

function becomesReady(child: ChildProcess, output: () => string, ready: RegExp): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT)
    const look = (): void => {
      if (ready.test(output())) settle(true)
    }
    const settle = (answer: boolean): void => {
      clearTimeout(timer)
      child.stdout?.off('data', look)
      child.stderr?.off('data', look)
      resolve(answer)
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.on('error', reject)
    child.on('close', () => settle(false))
  })
}

/** Collects the output of a program: its last 10,000 characters. */
function outputOf({ stdout, stderr }: ChildProcess): () => string {
  let output = ''
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000)
    })
  }
  return () => output
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await exit
}

/** Free ports, reserved all at once so that no two are the same. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }
  const addresses = servers.map((server) => server.address())
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return addresses.map((address) =>
    typeof address === 'object' && address !== null ? address.port : 0,
  )
}
