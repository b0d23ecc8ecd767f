/*
 * Builds every package that is published, in the order of their dependencies; what has not changed comes from the cache.
 * With `--filter=bench^...`, as turbo understands it, only some of them.
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
