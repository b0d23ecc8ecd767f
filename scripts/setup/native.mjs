import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runNpm } from '../lib/run.mjs'
import { root } from '../lib/workspace.mjs'

const database = join(root, 'packages', 'engines', 'db')

/**
 * Whether better-sqlite3 works with this Node. Tried in a child process, since a binary for another Node may crash it.
 *
 * @returns {boolean}
 */
export const nativeLoads = () => {
  const script = `new (require('better-sqlite3'))(':memory:').close()`
  return spawnSync(process.execPath, ['-e', script], { cwd: database }).status === 0
}

/** Points node-gyp to the headers installed with this Node, if there are any, so that it need not download them. */
const headers = () => {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  return existsSync(join(prefix, 'include', 'node', 'node.h')) ? { npm_config_nodedir: prefix } : {}
}

/**
 * Downloads the binary of better-sqlite3 or compiles it. Uses npm, since pnpm skips packages in `ignoredBuiltDependencies`
 * even when asked to rebuild them by name.
 *
 * @returns {Promise<boolean>} whether it works now
 */
export const compileNative = async () => {
  console.log('Compiling better-sqlite3 for the tests (about a minute, once)…')
  const { output } = await runNpm(['run', 'install'], {
    cwd: realpathSync(join(database, 'node_modules', 'better-sqlite3')),
    env: headers(),
  })
  if (nativeLoads()) return true
  console.error(output)
  console.error(
    'better-sqlite3 could not be compiled: that takes python3, make, a C++ compiler, and a path without characters such as & or parentheses. Only its own tests and the benchmark need it.',
  )
  return false
}
