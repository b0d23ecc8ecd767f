/*
 * Runs a program for as long as somebody holds the other end of standard input: `node leash.mjs <program> [arguments]`.
 * However the holder ends, by a signal that leaves it no time too, the program ends with it.
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
