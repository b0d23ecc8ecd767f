import { build } from 'esbuild'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = dirname(fileURLToPath(import.meta.url))
const folder = join(sources, '..', 'dist')

const programs = new Map<string, Promise<string>>()

/**
 * Bundles a program of the benchmark into JavaScript, as a package is built, once per run. Loaders that run TypeScript
 * directly add code that names every function as it is created, which costs closures more than what is to be measured.
 *
 * @returns the path of the bundle, which Node runs without a loader.
 */
export function compiled(program: URL): Promise<string> {
  const path = fileURLToPath(program)
  const known = programs.get(path) ?? compile(path)
  programs.set(path, known)
  return known
}

async function compile(path: string): Promise<string> {
  const name = relative(sources, path).replaceAll(sep, '-').replace(/\.ts$/, '')
  await build({
    entryPoints: { program: path },
    outdir: join(folder, name),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // Keeps dynamic imports lazy.
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    logLevel: 'warning',
  })
  return join(folder, name, 'program.mjs')
}
