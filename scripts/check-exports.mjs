/* Checks with publint and are-the-types-wrong that every entry of the packed packages resolves with its types. */
import { tarballs } from './lib/packed.mjs'
import { runTool } from './lib/tools.mjs'

/** @param {{ name: string, file: string }} tarball */
const problems = async ({ name, file }) => {
  const [publint, types] = await Promise.all([
    runTool('publint', ['run', file, '--strict']),
    runTool('attw', [file, '--no-emoji', '--no-color']),
  ])
  return [publint, types]
    .filter(({ code }) => code !== 0)
    .map(({ output }) => `${name}\n${output.trim()}\n`)
}

for (const tarball of tarballs()) {
  for (const problem of await problems(tarball)) {
    console.log(problem)
    process.exitCode = 1
  }
}
