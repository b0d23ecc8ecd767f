import { describeAdapter } from '@sessions/testing'
import {
  settingsToFlags,
  type ReferenceFlags,
  type ReferenceServer,
} from '@sessions/testing/reference-app'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** Runs `npm run serve` without npm, whose own exit code would hide that of the server. */
function run(...args: readonly string[]): ChildProcess {
  const command = ['--conditions=@sessions/source', '--import', 'tsx', 'scripts/serve.ts', ...args]
  return spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function started(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The output of the server is not piped.')
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('READY ')) return line.slice('READY '.length)
  }
  throw new Error('The server ended before it was ready.')
}

async function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

/** One process for each set of flags, shared by the cases, which do not disturb each other. */
const servers = new Map<string, { child: ChildProcess; url: Promise<string> }>()

async function serveElsewhere({
  flags = {},
}: {
  flags?: ReferenceFlags | undefined
}): Promise<ReferenceServer> {
  const args = settingsToFlags(flags)
  const server = servers.get(args.join(' ')) ?? startElsewhere(args)
  servers.set(args.join(' '), server)
  return { url: await server.url, close: async () => {} }
}

function startElsewhere(args: readonly string[]): { child: ChildProcess; url: Promise<string> } {
  const child = run('--adapter', 'hono', '--engine', 'memory', ...args)
  child.stderr?.resume()
  return { child, url: started(child) }
}

afterAll(async () => {
  for (const { child } of servers.values()) {
    child.kill('SIGTERM')
    if ((await ended(child)) !== 0) throw new Error('A server did not end as it was told.')
  }
})

describeAdapter('hono in another process', { inProcess: false, serve: serveElsewhere })

describe('npm run serve', () => {
  it('makes the calls named by --engine-fail reject', async () => {
    const child = run('--adapter', 'hono', '--engine', 'sqlite', '--engine-fail', 'create')
    child.stderr?.resume()
    const url = await started(child)

    const count = await fetch(`${url}/count`)
    const read = await fetch(`${url}/read`)
    child.kill('SIGINT')

    expect([count.status, await count.json()]).toEqual([503, { error: 'SESSION_ENGINE' }])
    expect([read.status, await read.json()]).toEqual([200, { views: null }])
    expect(await ended(child)).toBe(0)
  })

  const mistakes: Readonly<Record<string, readonly string[]>> = {
    'Unknown value for --adapter: nope. Choose one of: hono': [
      '--adapter',
      'nope',
      '--engine',
      'memory',
    ],
    'Unknown value for --engine: nope. Choose one of: memory': [
      '--adapter',
      'hono',
      '--engine',
      'nope',
    ],
    'cookie.age': ['--adapter', 'hono', '--engine', 'memory', '--cookie-age=-1'],
    '--renew-after takes a number': ['--adapter', 'hono', '--engine', 'memory', '--renew-after=x'],
    '--adapter is required': ['--engine', 'memory'],
  }

  for (const [sentence, args] of Object.entries(mistakes)) {
    it(`says "${sentence}" and exits with 2`, async () => {
      const child = run(...args)
      let text = ''
      child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })

      expect(await ended(child)).toBe(2)
      expect(text).toContain(sentence)
    })
  }
})
