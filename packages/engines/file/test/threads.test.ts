import { describe, expect, it } from 'vitest'
import { ownThread, startOf } from '../src/threads.ts'
import { answerWithFewFiles } from './processes.ts'
import { freshDirectory } from './store.ts'

/** An id that the system never assigns. */
const NONE = 2 ** 22 + 1

describe('startOf', () => {
  it('always returns the same for one thread', () => {
    const start = startOf(process.pid, ownThread())
    expect(start).toMatch(/^\d+$/)
    expect(startOf(process.pid, ownThread())).toBe(start)
  })

  it('returns the start of another process for its main thread', () => {
    const start = Number(startOf(process.ppid, process.ppid))
    expect(start).toBeLessThanOrEqual(Number(startOf(process.pid, process.pid)))
  })

  it('returns undefined for a thread or process that does not run', () => {
    expect(startOf(process.pid, NONE)).toBeUndefined()
    expect(startOf(NONE, NONE)).toBeUndefined()
  })

  it('does not take a live thread for one that has ended if this process may open no more files', async () => {
    expect(await answerWithFewFiles('start', freshDirectory())).toBe('')
  })
})
