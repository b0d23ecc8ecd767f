/*
 * Sets the checkout up, then runs a TypeScript program of the repository in this process:
 * `node --conditions=@sessions/source scripts/run.mjs <program> [arguments]`.
 */
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Ends this process when npm gets a SIGTERM: that signal ends the shell that npm started and does not reach the shell's
 * children, so this process watches for being orphaned.
 */
const endWithNpm = () => {
  const { ppid } = process
  const timer = setInterval(() => {
    if (process.ppid === ppid) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 200)
  timer.unref()
}

await import('./setup.mjs')

if (process.exitCode === 0) {
  const [node = 'node', , program = '', ...args] = process.argv
  const path = resolve(program)
  process.argv = [node, path, ...args]
  if (process.env['npm_lifecycle_event'] !== undefined) endWithNpm()
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.run.json', import.meta.url)) })
  await import(pathToFileURL(path).href)
}
