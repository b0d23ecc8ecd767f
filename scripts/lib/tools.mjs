import { delimiter, join } from 'node:path'
import { run } from './run.mjs'
import { root } from './workspace.mjs'

const bin = join(root, 'node_modules', '.bin')

/** The environment of tools: node_modules/.bin on the PATH, and no telemetry. */
const environment = () => ({
  ...process.env,
  PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
})

/**
 * Runs a tool from node_modules/.bin, in the root folder by default.
 *
 * @param {string} name
 * @param {readonly string[]} [args]
 * @param {{ cwd?: string, show?: boolean }} [options]
 */
export const runTool = (name, args = [], { cwd = root, show = false } = {}) =>
  run(join(bin, name), args, { cwd, show, env: environment() })

/**
 * Runs a script of the repository with this Node.
 *
 * @param {string} path relative to the root
 * @param {readonly string[]} [args]
 */
export const runScript = (path, args = []) =>
  run(process.execPath, ['--import', 'tsx', join(root, path), ...args], {
    cwd: root,
    env: environment(),
  })

/**
 * Runs commands one after the other, until one fails.
 *
 * @param {readonly (() => Promise<import('./run.mjs').Outcome>)[]} commands
 * @returns {Promise<import('./run.mjs').Outcome>}
 */
export const inTurn = async (commands) => {
  let output = ''
  for (const command of commands) {
    const outcome = await command()
    output += outcome.output
    if (outcome.code !== 0) return { code: outcome.code, output }
  }
  return { code: 0, output }
}
