import { build } from 'esbuild'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = dirname(fileURLToPath(import.meta.url))
const folder = join(sources, '..', 'dist')

const programs = new Map<string, Promise<string>>()

/**
 * Compiles a program of the benchmark as a package would be, once for each run. What runs TypeScript on the fly gives
 * every function its name when it is made, which costs closures more than what is measured.
 *
 * @returns the path of the program, for Node alone.
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
    // Imports that wait until they are needed go on doing so.
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
