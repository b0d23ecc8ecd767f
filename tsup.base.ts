import type { Options } from 'tsup'

/** How every package is built: ES modules and CommonJS from one source, with types and source maps for both. */
export const preset = (
  entry: readonly string[] = ['src/index.ts'],
  options: Options = {},
): Options => ({
  entry: [...entry],
  format: ['esm', 'cjs'],
  target: 'es2022',
  platform: 'neutral',
  treeshake: true,
  clean: true,
  sourcemap: true,
  // The sources are in the package, where the maps find them.
  esbuildOptions(esbuild) {
    esbuild.sourcesContent = false
  },
  // Deno and Workers know the modules of Node by `node:` only.
  removeNodeProtocol: false,
  // tsup sets `baseUrl`, which TypeScript 6 calls deprecated.
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  ...options,
  external: [/^node:/, ...(options.external ?? [])],
})
