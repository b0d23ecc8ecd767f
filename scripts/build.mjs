/* Builds every package that is published, in the order of their dependencies; what has not changed comes from the cache. */
import { runTool } from './lib/tools.mjs'

const { code } = await runTool('turbo', ['run', 'build', '--output-logs=errors-only'], {
  show: true,
})
process.exitCode = code
