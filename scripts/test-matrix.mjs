/*
 * Runs all tests on the other lines of Node, whose binaries come from the package registry. better-sqlite3 is compiled for
 * the Node at hand only, so its tests are left to `npm test`.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { runNpm } from './lib/run.mjs'
import { root } from './lib/workspace.mjs'

const versions = ['22.23.3', '24.21.0']

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
  console.error(`${output}\nNode ${version} cannot be fetched from the package registry.`)
  return undefined
}

/** @param {string} binary @returns {Promise<number>} the exit code */
const test = async (binary) => {
  const child = spawn(binary, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PATH: `${dirname(binary)}${delimiter}${process.env['PATH'] ?? ''}`,
      SESSIONS_SQLITE_DRIVERS: 'libsql,node:sqlite',
    },
  })
  const [code] = await once(child, 'close')
  return Number(code ?? 1)
}

for (const version of versions) {
  console.log(`\n== Node ${version}`)
  const binary = await fetchNode(version)
  const code = binary === undefined ? 1 : await test(binary)
  if (code !== 0) process.exitCode = 1
}
