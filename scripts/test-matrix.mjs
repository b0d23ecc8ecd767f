/*
 * Runs the tests on the other major versions of Node, whose binaries come from the package registry. Left out are
 * better-sqlite3, which is compiled for the current Node only, and what does not depend on the version of Node: browsers,
 * other runtimes, faults of servers.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { runNpm } from './lib/run.mjs'
import { otherSqliteDrivers } from './lib/sqlite-drivers.mjs'
import { root } from './lib/workspace.mjs'

const versions = ['20.20.2', '22.23.3', '24.21.0', '26.10.0']
const current = process.versions.node.split('.')[0]
const independentOfNode = ['**/runtimes.test.ts', '**/*faults.test.ts', '**/apps/e2e/**']

const platform = process.platform === 'win32' ? 'win' : process.platform
const packageName = `node-${platform}-${process.arch}`

/** @param {string} version @returns {Promise<string | undefined>} the path of the binary */
const fetchNode = async (version) => {
  const folder = join(root, 'node_modules', '.cache', 'node', version)
  const executable = process.platform === 'win32' ? 'node.exe' : 'node'
  const binary = join(folder, 'node_modules', packageName, 'bin', executable)
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund']
  const { output } = await runNpm([...args, `${packageName}@${version}`], { cwd: folder })
  if (existsSync(binary)) return binary
  console.error(
    `${output}\nNode ${version} could not be fetched from the package registry: see above.`,
  )
  return undefined
}

/** @param {string} binary @param {string} version @returns {Promise<number>} the exit code */
const test = async (binary, version) => {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const excluded = independentOfNode.flatMap((pattern) => ['--exclude', pattern])
  const child = spawn(binary, [vitest, 'run', ...excluded], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: `${dirname(binary)}${delimiter}${process.env['PATH'] ?? ''}`,
      SESSIONS_SQLITE_DRIVERS: otherSqliteDrivers(version),
    },
  })
  const [code] = await once(child, 'close')
  return Number(code ?? 1)
}

for (const version of versions.filter((name) => name.split('.')[0] !== current)) {
  console.log(`\n== Node ${version}`)
  const binary = await fetchNode(version)
  const code = binary === undefined ? 1 : await test(binary, version)
  if (code !== 0) process.exitCode = 1
}
