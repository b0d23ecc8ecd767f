import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { compiled } from '../compile.ts'
import type { Reply } from './answer.ts'

/** A program in a child process. */
export interface Worker {
  /**
   * Asks the worker a question. Only one may be pending at a time.
   *
   * @throws {Error} if the worker's answer fails, or its process has exited.
   */
  ask<Answer>(question: object): Promise<Answer>
  end(): Promise<void>
}

/**
 * Starts a program of the benchmark in its own process, on Linux bound to one core. The program replies through
 * `answerQuestions`, and ends with this process.
 *
 * @param flags Additional Node flags.
 */
export async function startWorker(program: URL, flags: readonly string[] = []): Promise<Worker> {
  const node = [process.execPath, '--no-warnings', ...flags, await compiled(program)]
  const [command = '', ...args] = pinned(node)
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = endOf(child)
  return {
    async ask<Answer>(question: object) {
      const answer = once(child, 'message')
      if (child.connected) child.send(question)
      const [reply] = (await Promise.race([answer, ended])) as [Reply] | []
      if (reply === undefined) throw new Error(`The worker ${program.pathname} has exited.`)
      if ('error' in reply) throw new Error(reply.error)
      return reply.answer as Answer
    },
    async end() {
      if (child.connected) child.disconnect()
      await ended
    },
  }
}

/** Starts a worker, as `startWorker` does, asks it one question, and ends it. */
export async function askOnce<Answer>(
  program: URL,
  question: object,
  flags?: readonly string[],
): Promise<Answer> {
  const worker = await startWorker(program, flags)
  try {
    return await worker.ask<Answer>(question)
  } finally {
    await worker.end()
  }
}

/** On Linux, binds a command to the last core, as systems tend to keep the first ones busier. */
export function pinned(command: readonly string[]): readonly string[] {
  if (process.platform !== 'linux') return command
  return ['taskset', '-c', String(availableParallelism() - 1), ...command]
}

async function endOf(child: ChildProcess): Promise<[]> {
  await new Promise((resolve) => {
    child.once('error', resolve)
    child.once('exit', resolve)
  })
  return []
}
