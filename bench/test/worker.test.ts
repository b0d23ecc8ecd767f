import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorker, type Worker } from '../src/worker/start-worker.ts'

describe('startWorker', () => {
  let worker: Worker
  beforeAll(async () => {
    worker = await startWorker(new URL('support/adding-worker.ts', import.meta.url))
  })
  afterAll(() => worker.end())

  it('starts a worker that answers one question after the other', async () => {
    expect(await worker.ask({ numbers: [1, 2] })).toBe(3)
    expect(await worker.ask({ numbers: [3, 4] })).toBe(7)
  })

  it('rejects with the error of the worker, which then answers the next question', async () => {
    await expect(worker.ask({ numbers: [] })).rejects.toThrow('There is nothing to add.')
    expect(await worker.ask({ numbers: [5] })).toBe(5)
  })

  it('rejects if the worker exits before it answers', async () => {
    const ending = await startWorker(new URL('support/adding-worker.ts', import.meta.url))

    await expect(ending.ask({ numbers: [Number.MAX_SAFE_INTEGER] })).rejects.toThrow('has exited')
    await ending.end()
  })
})
