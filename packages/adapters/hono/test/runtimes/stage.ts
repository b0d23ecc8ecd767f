import { build } from 'esbuild'
import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const tests = fileURLToPath(new URL('..', import.meta.url))
const packages = fileURLToPath(new URL('../../../../', import.meta.url))
const tsup = join(dirname(createRequire(import.meta.url).resolve('tsup')), 'cli-default.js')

/** The packages that the programs need. */
const sources = [
  'core',
  'testing',
  'engines/memory',
  'engines/signed-cookies',
  'engines/db',
  'adapters/hono',
]

/** A folder in which the programs find the packages as an application does that has installed them. */
export interface Stage {
  /** `worker.js` in it is the program for workerd. */
  readonly folder: string
  /** The path of a program. */
  program(name: string): string
  remove(): Promise<void>
}

/** Builds the packages as they are published, without their types, and installs them in a folder of their own. */
export async function createStage(): Promise<Stage> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'sessions-runtimes-'))
  const stage: Stage = {
    folder,
    program: (name) => join(folder, 'test/runtimes/programs', name),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
  try {
    await fill(stage)
    return stage
  } catch (error) {
    await stage.remove()
    throw error
  }
}

async function fill({ folder, program }: Stage): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
  await Promise.all(sources.map((source) => install(join(packages, source), folder)))
  await link(join(packages, 'adapters/hono'), 'hono', folder)
  for (const path of ['create-reference-app.ts', 'runtimes/programs']) {
    await cp(join(tests, path), join(folder, 'test', path), { recursive: true })
  }
  await bundleWorker(program('workerd.ts'), join(folder, 'worker.js'))
}

/** workerd does not read node_modules: like Cloudflare's tools, bundles the application into one file, under these conditions. */
async function bundleWorker(program: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [program],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
  })
}

async function install(source: string, folder: string): Promise<void> {
  const manifest = await readFile(join(source, 'package.json'), 'utf8')
  const { name, dependencies = {} } = JSON.parse(manifest) as {
    readonly name: string
    readonly dependencies?: Readonly<Record<string, string>>
  }
  const target = join(folder, 'node_modules', name)
  await mkdir(target, { recursive: true })
  await writeFile(join(target, 'package.json'), manifest)
  const args = ['--no-dts', '--format', 'esm', '--silent', '--out-dir', join(target, 'dist')]
  await run(process.execPath, [tsup, ...args], { cwd: source })
  for (const dependency of Object.keys(dependencies)) await link(source, dependency, folder)
}

/** Links a package that is installed for another one. */
async function link(source: string, name: string, folder: string): Promise<void> {
  const target = join(folder, 'node_modules', name)
  await mkdir(dirname(target), { recursive: true })
  await symlink(await realpath(join(source, 'node_modules', name)), target, 'junction')
}
