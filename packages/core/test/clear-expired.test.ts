import { describe, expect, it } from 'vitest'
import { createSessions } from '../src/manager/sessions.ts'
import { caught, site } from './support/site.ts'

describe('clearExpired', () => {
  it('deletes expired sessions, and resolves to how many', async () => {
    const { clock, engine, manager, visit } = site()
    await visit({}, (session) => session.set('a', 1).setExpiry(10))
    await visit({}, (session) => session.set('a', 1))
    clock.pass(10)

    expect(await manager.clearExpired()).toBe(1)
    expect(engine.records.size).toBe(1)
  })

  it('passes its options to the engine, and resolves to 0 if the store expires by itself', async () => {
    const { engine } = site()
    const options = { batchSize: 7, onProgress: () => {} }
    const given: unknown[] = []
    const clearExpired = (received: unknown) => Promise.resolve(given.push(received))

    expect(
      await createSessions({ engine: { ...engine, clearExpired } }).clearExpired(options),
    ).toBe(1)
    expect(given).toEqual([options])
    const { clearExpired: _, ...rest } = engine
    expect(await createSessions({ engine: rest }).clearExpired()).toBe(0)
  })

  it.each<[options: unknown, setting: string]>([
    [{ batchsize: 5 }, 'batchsize'],
    [{ batchSize: 0 }, 'batchSize'],
    [{ onProgress: true }, 'onProgress'],
    [{ signal: {} }, 'signal'],
    [null, 'options'],
  ])('rejects %o, with any engine', async (options, setting) => {
    const { engine, manager } = site()
    const { clearExpired: _, ...rest } = engine

    for (const one of [manager, createSessions({ engine: rest })]) {
      const failed = await caught(() => one.clearExpired(options as never))
      expect(failed).toMatchObject({ code: 'INVALID_SETTING', setting })
    }
  })

  it('rejects with the reason of its signal if aborted, otherwise with an engine error', async () => {
    const { engine } = site()
    const cause = new Error('cause')
    const clearExpired = () => Promise.reject(cause)
    const manager = createSessions({ engine: { ...engine, clearExpired } })

    const failed = await caught(() => manager.clearExpired())
    const aborted = await caught(() => manager.clearExpired({ signal: AbortSignal.abort() }))

    expect(failed).toMatchObject({ code: 'SESSION_ENGINE', operation: 'clearExpired', cause })
    expect(aborted).toBe(cause)
  })
})
