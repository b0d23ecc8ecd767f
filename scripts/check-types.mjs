/* Type-checks every project: each tsconfig*.json of the root and of the packages, except the shared base. */
import { basename, join } from 'node:path'
import { filesBelow } from './lib/sources.mjs'
import { runTool } from './lib/tools.mjs'
import { root, workspacePackages } from './lib/workspace.mjs'

const projects = [
  join(root, 'tsconfig.json'),
  ...workspacePackages().flatMap(({ path }) => filesBelow(path, /^tsconfig(\.\w+)?\.json$/)),
].filter((path) => basename(path) !== 'tsconfig.base.json')

for (const project of projects) {
  const { code, output } = await runTool('tsc', ['--noEmit', '--pretty', 'false', '-p', project])
  if (code === 0) continue
  console.log(output.trimEnd())
  process.exitCode = 1
}
