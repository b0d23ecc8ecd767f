/*
 * Sets the checkout up, then runs a TypeScript program of the repository from its sources, in this very process:
 * `node --conditions=@sessions/source scripts/run.mjs <program> [arguments]`.
 */
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** A SIGTERM to npm ends the shell that npm started, and reaches nobody below it: who is orphaned so is told here. */
const followNpm = () => {
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
  if (process.env['npm_lifecycle_event'] !== undefined) followNpm()
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: fileURLToPath(new URL('../tsconfig.run.json', import.meta.url)) })
  await import(pathToFileURL(path).href)
}
