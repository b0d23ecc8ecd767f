import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const shared = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  esModuleInterop: true,
  // Our declarations are checked through their use; those of dependencies need no check.
  skipLibCheck: true,
  noEmit: true,
}

const resolutions = [
  {
    name: 'node10',
    file: 'types.ts',
    options: { module: 'CommonJS', moduleResolution: 'node10' },
  },
  {
    name: 'node16 and CommonJS',
    file: 'types.ts',
    options: { module: 'Node16', moduleResolution: 'node16' },
  },
  {
    name: 'node16 and ES modules',
    file: 'types.mts',
    options: { module: 'Node16', moduleResolution: 'node16' },
  },
  {
    name: 'bundler',
    file: 'types.mts',
    options: { module: 'ESNext', moduleResolution: 'bundler' },
  },
]

/** Both versions deprecate the old resolutions, and each needs another value of `ignoreDeprecations`. */
const versions = [
  { typescript: 'TypeScript 5', ignoreDeprecations: '5.0' },
  { typescript: 'TypeScript 6', ignoreDeprecations: '6.0' },
]

/**
 * Writes a tsconfig into the project for each version of TypeScript and each module resolution.
 *
 * @param {string} project
 */
export const compilations = (project) =>
  versions.flatMap(({ typescript, ignoreDeprecations }) =>
    resolutions.map(({ name, file, options }, index) => {
      const config = join(project, `tsconfig.${ignoreDeprecations}.${index}.json`)
      const compilerOptions = { ...shared, ...options, ignoreDeprecations }
      writeFileSync(config, JSON.stringify({ compilerOptions, files: [file] }))
      return { typescript, name: `${typescript}, ${name}`, config }
    }),
  )
