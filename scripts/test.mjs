/*
 * Runs all tests, or those that the arguments select; the arguments are those of vitest. If better-sqlite3 cannot be
 * compiled, its tests are left out: libsql and `node:sqlite` pass the same ones.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { otherSqliteDrivers } from './lib/sqlite-drivers.mjs'
import { root } from './lib/workspace.mjs'
import { setUp } from './setup/set-up.mjs'

const isCompiled = (await setUp({ native: true })) === 0
const env = isCompiled
  ? process.env
  : { SESSIONS_SQLITE_DRIVERS: otherSqliteDrivers(process.versions.node), ...process.env }
if (!isCompiled) console.error('The tests of better-sqlite3 are left out.')

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
// Vitest looks for a name within each project, so it would not find the tests in a folder of projects.
const given = process.argv.slice(2)
const args = given.map((arg, index) => {
  const isValue = given[index - 1]?.startsWith('-') === true
  const path = join(root, arg)
  return !isValue && existsSync(path) ? path : arg
})
const [code] = await once(
  spawn(process.execPath, [vitest, 'run', ...args], { cwd: root, env, stdio: 'inherit' }),
  'close',
)
process.exitCode = Number(code ?? 1)
