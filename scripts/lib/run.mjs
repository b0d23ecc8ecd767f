import { spawn } from 'node:child_process'

/**
 * How a command ended.
 *
 * @typedef {object} Outcome
 * @property {number} code The exit code; 1 if a signal ended the command.
 * @property {string} output Standard output and standard error, interleaved as they arrived.
 */

/**
 * Runs a command to its end and collects its output.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options] `show` also prints the output as it arrives.
 * @returns {Promise<Outcome>}
 */
export const run = (command, args, { cwd, env, show = false } = {}) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    /** @param {Buffer} chunk */
    const collect = (chunk) => {
      output += chunk.toString()
      if (show) process.stdout.write(chunk)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })

/** The npm that runs this script, or the one on the PATH, as a command and its first arguments. */
const npmCommand = () => {
  const path = process.env['npm_execpath'] ?? ''
  if (/npm-cli\.c?js$/.test(path)) return [process.execPath, path]
  return process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm']
}

/** The environment without the variables that npm sets for the package whose script is running. */
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
