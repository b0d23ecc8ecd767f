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
    name: 'TypeScript, node10',
    file: 'types.ts',
    options: { module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
  },
  {
    name: 'TypeScript, node16 and CommonJS',
    file: 'types.ts',
    options: { module: 'Node16', moduleResolution: 'node16' },
  },
  {
    name: 'TypeScript, node16 and ES modules',
    file: 'types.mts',
    options: { module: 'Node16', moduleResolution: 'node16' },
  },
  {
    name: 'TypeScript, bundler',
    file: 'types.mts',
    options: { module: 'ESNext', moduleResolution: 'bundler' },
  },
]

/**
 * One tsconfig for each way in which TypeScript finds packages, written into a project.
 *
 * @param {string} project
 */
export const compilations = (project) =>
  resolutions.map(({ name, file, options }, index) => {
    const config = join(project, `tsconfig.${index}.json`)
    writeFileSync(
      config,
      JSON.stringify({ compilerOptions: { ...shared, ...options }, files: [file] }),
    )
    return { name, config }
  })
