/*
 * Builds the published packages in the order of their dependencies; unchanged ones come from the cache. Takes the arguments
 * of turbo: `--filter=bench^...` builds only the dependencies of bench.
 */
import { runTool } from './lib/tools.mjs'

const { code } = await runTool(
  'turbo',
  ['run', 'build', '--output-logs=errors-only', ...process.argv.slice(2)],
  {
    show: true,
  },
)
process.exitCode = code
