import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, workspacePackages } from '../lib/workspace.mjs'

const stamp = join(root, 'node_modules', '.setup-stamp')

/** A digest of the files that determine what is installed. */
const digest = () => {
  const hash = createHash('sha256')
  const manifests = workspacePackages().map(({ folder }) => `${folder}/package.json`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    const path = join(root, file)
    hash.update(`${file}\n`)
    hash.update(existsSync(path) ? readFileSync(path) : 'absent')
  }
  return hash.digest('hex')
}

/** @param {import('../lib/workspace.mjs').Manifest} manifest */
const hasDependencies = (manifest) =>
  Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0

/**
 * Whether the last install finished, and none of those files has changed since.
 *
 * @returns {boolean}
 */
export const isInstalled = () =>
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8') === digest() &&
  workspacePackages().every(
    ({ path, manifest }) => !hasDependencies(manifest) || existsSync(join(path, 'node_modules')),
  )

/** Records that the install has finished. */
export const rememberInstalled = () => writeFileSync(stamp, digest())

/** Records that the install has not finished. */
export const forgetInstalled = () => rmSync(stamp, { force: true })
