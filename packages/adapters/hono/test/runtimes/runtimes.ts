import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { ServerProgram } from './leashed-server.ts'
import type { Given } from './programs/app.ts'
import type { Stage } from './stage.ts'

/** A runtime that is not Node. */
export interface Runtime {
  /** Its name and version. */
  readonly title: string
  /** Its built-in module for SQLite, if it has one. */
  readonly sqlite?: string
  /** Which implementation of `@sessions/core/platform` its conditions choose. */
  readonly platform: 'node' | 'portable'
  /** Whether it tells the application that a client has hung up. */
  readonly noticesHangUp: boolean
  /** How it runs the reference app. */
  readonly program: (stage: Stage, given: Given) => Promise<ServerProgram>
}

const require = createRequire(import.meta.url)

/** Their binaries come from npm. */
export const runtimes: readonly Runtime[] = [
  bun(),
  deno(),
  // The first date with all that Hono needs, and without Node's APIs; and one with many of them.
  workerd('2023-03-01'),
  workerd('2026-11-01'),
]

function bun(): Runtime {
  const { version, file } = binary(require.resolve('bun/package.json'), 'bin/bun')
  return {
    title: `Bun ${version}`,
    sqlite: 'bun:sqlite',
    platform: 'node',
    noticesHangUp: true,
    program: async (stage, given) => ({
      command: [file, '--no-install', 'run', stage.program('bun.ts'), JSON.stringify(given)],
      // Writes nothing to the home folder of the user who runs the tests.
      env: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', DO_NOT_TRACK: '1' },
      readUrl: afterReady,
    }),
  }
}

function deno(): Runtime {
  const { version, file } = binary(require.resolve('deno/package.json'), 'deno')
  const options = ['--no-prompt', '--no-lock', '--cached-only', '--allow-net=127.0.0.1']
  return {
    title: `Deno ${version}`,
    sqlite: 'node:sqlite',
    platform: 'node',
    noticesHangUp: true,
    program: async (stage, given) => ({
      command: [file, 'run', ...options, stage.program('deno.ts'), JSON.stringify(given)],
      env: { DENO_DIR: join(stage.folder, 'deno'), DENO_NO_UPDATE_CHECK: '1' },
      readUrl: afterReady,
    }),
  }
}

function workerd(compatibilityDate: string): Runtime {
  const { version, file } = binary(require.resolve('workerd/package.json'), 'bin/workerd')
  let configs = 0
  return {
    title: `workerd ${version} as of ${compatibilityDate}`,
    platform: 'portable',
    noticesHangUp: false,
    async program(stage, given) {
      configs += 1
      const config = join(stage.folder, `workerd-${compatibilityDate}-${configs}.capnp`)
      await writeFile(config, workerdConfig(given, compatibilityDate))
      return {
        command: [file, 'serve', config, '--control-fd=1'],
        readUrl: (line) => {
          const port = /^\{"event":"listen","socket":"http","port":(\d+)\}$/.exec(line)?.[1]
          return port === undefined ? undefined : `http://127.0.0.1:${port}`
        },
      }
    },
  }
}

function workerdConfig(given: Given, compatibilityDate: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "app", worker = (
    compatibilityDate = "${compatibilityDate}",
    modules = [(name = "worker", esModule = embed "worker.js")],
    bindings = [(name = "GIVEN", json = ${JSON.stringify(JSON.stringify(given))})],
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "app")],
);
`
}

function afterReady(line: string): string | undefined {
  return line.startsWith('READY ') ? line.slice('READY '.length) : undefined
}

/** The binary for this machine, straight from its package: install scripts need not have run. */
function binary(manifest: string, path: string): { version: string; file: string } {
  const { name, version, optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly optionalDependencies: Readonly<Record<string, string>>
  }
  const folder = installed(Object.keys(optionalDependencies), createRequire(manifest))
  if (folder === undefined) throw new Error(`The package ${name} has no binary for this machine.`)
  return { version, file: join(folder, process.platform === 'win32' ? `${path}.exe` : path) }
}

/** The folder of the one package, among those for different machines, that is installed. */
function installed(names: readonly string[], beside: NodeJS.Require): string | undefined {
  for (const name of names) {
    try {
      return dirname(beside.resolve(`${name}/package.json`))
    } catch {
      // It is for another machine.
    }
  }
  return undefined
}
