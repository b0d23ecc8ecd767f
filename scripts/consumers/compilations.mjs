import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const shared = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  esModuleInterop: true,
  // Our declarations are checked by their use; those of others are not ours to check.
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

/** Each writes off the old resolutions in its own way. */
const versions = [
  { typescript: 'TypeScript 5', ignoreDeprecations: '5.0' },
  { typescript: 'TypeScript 6', ignoreDeprecations: '6.0' },
]

/**
 * One tsconfig for each TypeScript and each way in which it finds packages, written into a project.
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
