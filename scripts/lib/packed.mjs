import { join } from 'node:path'
import { publishedPackages, root } from './workspace.mjs'

/** The folder of the tarballs. */
export const packedFolder = join(root, 'node_modules', '.cache', 'packed')

/**
 * The tarballs that `scripts/pack.mjs` made.
 *
 * @returns {{ name: string, file: string }[]}
 */
export const tarballs = () =>
  publishedPackages().map(({ manifest: { name, version } }) => ({
    name,
    file: join(packedFolder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
  }))
