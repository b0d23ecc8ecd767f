/*
 * Imports point one way: apps → adapters → core ← engines, contrib → core, testing → core. An engine knows no adapter, an
 * adapter no engine, no engine another engine. Checked in the sources, in the tests, and in every package.json. Within a
 * package's sources, folders do not import one another in a circle.
 */
import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'
import { foldersInCircles } from './lib/folder-cycles.mjs'
import { filesBelow, sourceName } from './lib/sources.mjs'
import { root, workspacePackages } from './lib/workspace.mjs'

/** @typedef {'core' | 'testing' | 'engine' | 'adapter' | 'contrib' | 'cli' | 'app'} Layer */
/** @typedef {import('./lib/workspace.mjs').WorkspacePackage} WorkspacePackage */

/** The layers and packages that the sources of a layer may import. @type {Record<Layer, readonly string[]>} */
const sourcesMayUse = {
  core: [],
  testing: ['core'],
  engine: ['core'],
  // Express, Koa and NestJS build on the adapter for raw http.
  adapter: ['core', '@sessions/node'],
  contrib: ['core'],
  cli: ['core', 'engine'],
  app: ['core', 'testing', 'engine', 'adapter', 'contrib', 'cli', 'app'],
}

/** The layers that tests of any package may import in addition. */
const testsMayUse = ['core', 'testing', 'engine']

/** @param {string} folder @returns {Layer} */
const layerOf = (folder) => {
  const [top, second] = folder.split('/')
  if (top === 'apps' || top === 'bench') return 'app'
  if (second === 'engines') return 'engine'
  if (second === 'adapters') return 'adapter'
  if (second === 'contrib' || second === 'testing' || second === 'cli') return second
  if (second === 'core') return second
  throw new Error(
    `${folder} belongs to no layer: add it to layerOf in scripts/check-boundaries.mjs.`,
  )
}

const packages = workspacePackages()
const layers = new Map(packages.map(({ manifest, folder }) => [manifest.name, layerOf(folder)]))

/** @param {string} specifier `@sessions/core/platform` → `@sessions/core` */
const packageName = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

/** @param {WorkspacePackage} owner @param {string} name @param {boolean} inTests */
const isAllowed = (owner, name, inTests) => {
  const layer = layers.get(name)
  if (layer === undefined || name === owner.manifest.name) return true
  const may = sourcesMayUse[layerOf(owner.folder)]
  const allowed = inTests ? [...may, ...testsMayUse] : may
  return allowed.includes(layer) || allowed.includes(name)
}

/**
 * Whether a file is in the `test/support` of a package that the owner depends on, for its sources or its tests.
 *
 * @param {WorkspacePackage} owner @param {string} file
 */
const isSupport = ({ manifest }, file) =>
  packages.some(
    ({ path, manifest: { name } }) =>
      Object.hasOwn({ ...manifest.dependencies, ...manifest.devDependencies }, name) &&
      file.startsWith(join(path, 'test', 'support') + sep),
  )

/** @type {string[]} */
const violations = []

/** @param {WorkspacePackage} owner @param {string} file @param {boolean} inTests */
const checkFile = (owner, file, inTests) => {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true)
  const where = relative(root, file)
  for (const { fileName } of importedFiles) {
    const target = resolve(dirname(file), fileName)
    // The benchmark may reach into packages: it measures their parts, and uses the servers of their tests.
    const leaves =
      owner.folder !== 'bench' &&
      fileName.startsWith('.') &&
      !target.startsWith(`${owner.path}${sep}`) &&
      !(inTests && isSupport(owner, target))
    if (leaves) violations.push(`${where} imports ${fileName}, which is outside its package`)
    else if (!isAllowed(owner, packageName(fileName), inTests)) {
      violations.push(`${where} imports ${fileName}: ${layerOf(owner.folder)} may not`)
    }
  }
}

/** @param {WorkspacePackage} owner */
const checkManifest = (owner) => {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = owner.manifest
  const published = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })
  for (const name of published.filter((dependency) => !isAllowed(owner, dependency, false))) {
    violations.push(`${owner.folder}/package.json depends on ${name}`)
  }
  for (const name of Object.keys(devDependencies ?? {})) {
    if (isAllowed(owner, name, true)) continue
    violations.push(`${owner.folder}/package.json has ${name} among its devDependencies`)
  }
}

for (const owner of packages) {
  checkManifest(owner)
  const sources = filesBelow(join(owner.path, 'src'), sourceName)
  for (const file of sources) checkFile(owner, file, false)
  for (const folder of foldersInCircles(sources)) {
    violations.push(`${relative(root, folder)} is one of several folders that import one another`)
  }
  for (const file of filesBelow(join(owner.path, 'test'), sourceName)) checkFile(owner, file, true)
}

for (const violation of violations) console.log(violation)
if (violations.length > 0) process.exitCode = 1
