/*
 * Runs a program until standard input is closed: `node leash.mjs <program> [arguments]`. So the program ends with the
 * process that started it, even if that is killed.
 */
import { spawn } from 'node:child_process'

const [program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
const end = () => child.kill('SIGKILL')

process.stdin.resume().on('end', end).on('error', end)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end)

child.on('error', ({ message }) => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
})
child.on('exit', (code) => process.exit(code ?? 0))
