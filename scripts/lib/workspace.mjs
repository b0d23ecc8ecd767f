import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root folder of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '')

/**
 * The fields of a package.json that the scripts use.
 *
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {string} [packageManager]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, unknown>} [exports]
 */

/**
 * A package of the workspace.
 *
 * @typedef {object} WorkspacePackage
 * @property {string} folder Relative to the root, with slashes: `packages/engines/memory`.
 * @property {string} path Absolute.
 * @property {Manifest} manifest
 */

/**
 * Reads a package.json.
 *
 * @param {string} folder
 * @returns {Manifest}
 */
export const readManifest = (folder) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** The entries under `packages:` in pnpm-workspace.yaml. Read without a YAML parser, since nothing is installed yet. */
const patterns = () => {
  const [, list = ''] =
    /^packages:\n((?: +- .*\n)+)/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) ??
    []
  return list
    .split('\n')
    .map((line) => line.replace(/^ +- /, '').replaceAll(/['"]/g, '').trim())
    .filter((pattern) => pattern !== '')
}

/** @param {string} pattern `packages/core` or `packages/engines/*` */
const foldersOf = (pattern) => {
  if (!pattern.endsWith('/*')) return [pattern]
  const parent = pattern.slice(0, -2)
  if (!existsSync(join(root, parent))) return []
  return readdirSync(join(root, parent))
    .toSorted()
    .map((name) => `${parent}/${name}`)
}

/**
 * Every package of the workspace, except the root.
 *
 * @returns {WorkspacePackage[]}
 */
export const workspacePackages = () =>
  patterns()
    .flatMap(foldersOf)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({
      folder,
      path: join(root, folder),
      manifest: readManifest(join(root, folder)),
    }))

/**
 * The packages that are published.
 *
 * @returns {WorkspacePackage[]}
 */
export const publishedPackages = () =>
  workspacePackages().filter(({ manifest }) => manifest.private !== true)
