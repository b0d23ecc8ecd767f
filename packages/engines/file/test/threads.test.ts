import { describe, expect, it } from 'vitest'
import { ownThread, startOf } from '../src/threads.ts'

/** More than the system gives out. */
const NONE = 2 ** 22 + 1

describe('startOf', () => {
  it('answers the same for one thread, whenever it is asked', () => {
    const start = startOf(process.pid, ownThread())
    expect(start).toMatch(/^\d+$/)
    expect(startOf(process.pid, ownThread())).toBe(start)
  })

  it('tells of other processes, by their first thread', () => {
    const start = Number(startOf(process.ppid, process.ppid))
    expect(start).toBeLessThanOrEqual(Number(startOf(process.pid, process.pid)))
  })

  it('knows of no thread that has ended, nor of one of a process that has', () => {
    expect(startOf(process.pid, NONE)).toBeUndefined()
    expect(startOf(NONE, NONE)).toBeUndefined()
  })
})
