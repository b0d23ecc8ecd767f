/* Packs every published package into node_modules/.cache/packed, as it would be uploaded to npm. */
import { mkdirSync, rmSync } from 'node:fs'
import { packedFolder } from './lib/packed.mjs'
import { runTool } from './lib/tools.mjs'
import { publishedPackages } from './lib/workspace.mjs'

rmSync(packedFolder, { recursive: true, force: true })
mkdirSync(packedFolder, { recursive: true })

for (const { path } of publishedPackages()) {
  const args = ['pack', '--pack-destination', packedFolder]
  const { code, output } = await runTool('pnpm', args, { cwd: path })
  if (code === 0) continue
  console.log(output)
  process.exitCode = 1
}
