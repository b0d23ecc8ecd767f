import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { frameworks } from '../src/index.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A running `npm start`, without its setup. */
interface Start {
  readonly process: ChildProcess
  /** Resolves the output so far, as soon as it serves or has exited. */
  readonly output: Promise<string>
  readonly exit: Promise<number | null>
}

function start(args: readonly string[], imports: readonly string[] = []): Start {
  const node = ['--conditions=@sessions/source', '--no-warnings', '--import', 'tsx']
  for (const module of imports) node.push('--import', module)
  const child = spawn(process.execPath, [...node, 'scripts/start.ts', ...args], {
    cwd: root,
    // The configuration that scripts/run.mjs uses.
    env: { ...process.env, TSX_TSCONFIG_PATH: 'tsconfig.run.json' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const output = new Promise<string>((resolve) => {
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        if (text.includes('Press Ctrl-C')) resolve(text)
      })
    }
    child.on('close', () => resolve(text))
  })
  return { process: child, output, exit }
}

const urlsIn = (output: string): readonly string[] => output.match(/http:\/\/\S+/g) ?? []

describe('npm start', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('serves every demo until it gets %s', async (signal) => {
    const started = start(['--port', '0', '--engine', 'memory'])

    const output = await started.output
    const urls = urlsIn(output)
    for (const { title } of frameworks) expect(output).toContain(title)
    expect(urls).toHaveLength(frameworks.length + 1)
    for (const url of urls) expect((await fetch(url)).status).toBe(200)

    started.process.kill(signal)
    expect(await started.exit).toBe(0)
    expect(await started.output).toBe(output)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'exits at %s while its store does not respond',
    async (signal) => {
      const store = createServer()
      onTestFinished(() => void store.close())
      await once(store.listen(0, '127.0.0.1'), 'listening')
      const { port } = store.address() as AddressInfo
      const started = start(['--engine', 'redis', '--engine-url', `redis://127.0.0.1:${port}`])

      await once(store, 'connection')
      started.process.kill(signal)

      expect(await started.exit).toBe(0)
    },
  )

  it('exits with the reason if nobody listens at the URL of its store', async () => {
    const started = start(['--engine', 'redis', '--engine-url', 'redis://127.0.0.1:1'])

    expect(await started.exit).toBe(1)
    expect(await started.output).toBe('connect ECONNREFUSED 127.0.0.1:1\n')
  })

  it('names each address that refused if the host of its store has several', async () => {
    const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }))
    const hosts = `import dns from 'node:dns'; dns.lookup = (host, options, done) => done(null, ${JSON.stringify(addresses)})`
    const args = ['--engine', 'mysql', '--engine-url', 'mysql://localhost:1/shop']
    const started = start(args, [`data:text/javascript,${encodeURIComponent(hosts)}`])

    expect(await started.exit).toBe(1)
    expect(await started.output).toBe(
      'connect ECONNREFUSED 127.0.0.1:1; connect ECONNREFUSED 127.0.0.2:1\n',
    )
  })

  it('serves a single demo on the first port, and names the process if the port is taken', async () => {
    const args = ['--only', 'express', '--engine', 'memory']
    const first = start([...args, '--port', '0'])
    const [url = ''] = urlsIn(await first.output)
    expect(await (await fetch(url)).text()).toContain('A session on Express')

    const { port } = new URL(url)
    const second = start([...args, '--port', port])

    expect(await second.exit).toBe(1)
    const { pid } = first.process
    expect(await second.output).toContain(`Port ${port} is taken by process ${pid} (`)
    expect(await second.output).toContain('scripts/start.ts --only express')
  })

  it.each([
    [['--engine', 'abacus'], 'Unknown value for --engine: abacus. Choose one of: memory, sqlite'],
    [['--only', 'rails'], 'Unknown value for --only: rails. Choose from: hono, koa, express'],
    [['--speed', 'high'], "Unknown option '--speed'"],
    [['--prot', '4000'], 'npm start -- [--only hono,koa,express,nestjs] [--engine NAME]'],
  ])('exits with an error message for %s', async (args, sentence) => {
    const started = start(args)

    expect(await started.exit).toBe(1)
    expect(await started.output).toContain(sentence)
    expect(await started.output).not.toMatch(/^ +at /m)
  })
})
