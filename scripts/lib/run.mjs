import { spawn } from 'node:child_process'

/**
 * How a command ended.
 *
 * @typedef {object} Outcome
 * @property {number} code The exit code; 1 where a signal ended it.
 * @property {string} output Standard output and standard error, in the order they came.
 */

/**
 * Runs a command to its end and keeps what it printed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options] `show` also prints it as it comes.
 * @returns {Promise<Outcome>}
 */
export const run = (command, args, { cwd, env, show = false } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output += chunk.toString()
      if (show) process.stdout.write(chunk)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })

/** The npm that runs this script, or the one on the path, as a command and its first arguments. */
const npmCommand = () => {
  const path = process.env['npm_execpath'] ?? ''
  if (/npm-cli\.c?js$/.test(path)) return [process.execPath, path]
  return process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm']
}

/** The environment without what an npm script left in it for its own package. */
const environment = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|INIT_CWD$)/.test(name),
    ),
  )

/**
 * Runs npm to its end.
 *
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options]
 * @returns {Promise<Outcome>}
 */
export const runNpm = (args, options = {}) => {
  const [command = 'npm', ...first] = npmCommand()
  return run(command, [...first, ...args], {
    ...options,
    env: { ...environment(), ...options.env },
  })
}
