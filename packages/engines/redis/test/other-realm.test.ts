import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { RedisPort } from '../src/redis-client.ts'
import { deleteScript, scriptRunner } from '../src/scripts.ts'
import { timeLimit } from '../src/time-limit.ts'

/** An error of another realm, as in Jest. */
const foreign = (message: string, more: object = {}): Error =>
  Object.assign(runInNewContext('new Error(message)', { message }) as Error, more)

const runnerOn = (port: Partial<RedisPort>) => scriptRunner(port as RedisPort, timeLimit(60_000))

describe('an error of another realm', () => {
  it('that says that the server does not know a script makes the engine send its text', async () => {
    const run = runnerOn({
      evalSha: () => Promise.reject(foreign('NOSCRIPT No matching script. Please use EVAL.')),
      eval: () => Promise.resolve('1'),
    })

    expect(await run(deleteScript, 'id', [], (reply) => reply)).toBe('1')
  })

  it('loses the arguments of its command', async () => {
    const command = { name: 'evalsha', args: ['digest', '1', 'id', 'the payload'] }
    const run = runnerOn({ evalSha: () => Promise.reject(foreign('OOM', { command })) })

    await expect(run(deleteScript, 'id', [], (reply) => reply)).rejects.toMatchObject({
      message: 'OOM',
      command: { name: 'evalsha' },
    })
    await expect(run(deleteScript, 'id', [], (reply) => reply)).rejects.not.toHaveProperty(
      'command.args',
    )
  })
})
