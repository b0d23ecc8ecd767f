import { createSessions } from '@sessions/core'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { privateServer, type PrivateServer } from '../../../testing/test/support/private-server.ts'
import type { DatabaseEngine } from '../src/sqlite.ts'
import { record } from './server.ts'
import { proxyTo } from './proxy.ts'
import { freshTable, serviceUrl } from './services.ts'

/** How to test a driver. */
export interface Faulty {
  readonly service: 'postgres' | 'mysql'
  /** Opens an engine with a pool of its own. */
  readonly open: (options: {
    readonly url: string
    readonly table: string
    readonly timeout?: number
    readonly connections?: number
    /** How many milliseconds opening a connection may take, for a driver that has such a limit. */
    readonly connectTimeout?: number
  }) => {
    readonly engine: DatabaseEngine
    /** Takes a connection out of the pool; resolves to a function that returns it. */
    readonly occupy: () => Promise<() => void>
    readonly close: () => Promise<void>
  }
  /** Whether the engine replaces a connection that hangs, or leaves that to the driver. */
  readonly replacesHung: boolean
  /** Whether a call that timed out while it waited for a connection is never run, or is run later. */
  readonly forgets: boolean
}

/** The error that a call fails with, for a test that awaits it later. */
export async function failureOf(call: unknown): Promise<unknown> {
  return Promise.resolve(call).then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** The same URL with another port. */
const by = (port: number, url: string): string => {
  const other = new URL(url)
  other.port = String(port)
  return other.href
}

type Data = Record<string, number>

const managerOf = (engine: DatabaseEngine) => createSessions<Data>({ engine })

/** Registers the cases in which a server, or the connection to it, fails. */
export function describeFaults({ service, open, replacesHung, forgets }: Faulty): void {
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
  })
  const opened = (options: Parameters<typeof open>[0]): ReturnType<typeof open> => {
    const one = open(options)
    closing.push(one.close)
    return one
  }

  describe('a server that is killed', () => {
    let server: PrivateServer
    beforeAll(async () => void (server = await privateServer(service)), 60_000)
    afterAll(async () => server.close())

    it(
      'keeps every acknowledged change, and makes calls fail only while it is down',
      { timeout: 180_000 },
      async () => {
        const { engine } = opened({ url: server.url, table: freshTable() })
        await engine.migrate()
        const manager = managerOf(engine)
        const visitors = await Promise.all(
          Array.from({ length: 8 }, async () => {
            const session = manager.open()
            session.set('count', 0)
            await session.save()
            return { key: session.sessionKey ?? '', acknowledged: 0, errors: [] as unknown[] }
          }),
        )
        const load = { over: false }
        const visit = async (visitor: (typeof visitors)[number]): Promise<void> => {
          while (!load.over) {
            try {
              const session = await manager.open(visitor.key).load()
              const count = session.get('count') ?? -1
              expect(count).toBeGreaterThanOrEqual(visitor.acknowledged)
              session.set('count', count + 1)
              await session.save()
              visitor.acknowledged = count + 1
            } catch (error) {
              if ((error as { code?: string }).code !== 'SESSION_ENGINE') throw error
              visitor.errors.push(error)
              await new Promise(setImmediate)
            }
          }
        }
        const visits = Promise.all(visitors.map(visit))
        const until = async (
          met: (visitor: (typeof visitors)[number]) => boolean,
        ): Promise<void> => {
          while (!visitors.every(met)) {
            await Promise.race([visits, new Promise(setImmediate)])
          }
        }

        await until(({ acknowledged }) => acknowledged >= 5)
        await server.crash()
        await until(({ errors }) => errors.length > 0)
        await server.start()
        const before = new Map(visitors.map((one) => [one.key, one.acknowledged]))
        await until(({ key, acknowledged }) => acknowledged > (before.get(key) ?? 0) + 3)
        load.over = true
        await visits

        for (const { key, acknowledged, errors } of visitors) {
          expect((await manager.open(key).load()).get('count')).toBeGreaterThanOrEqual(acknowledged)
          expect(errors[0]).toMatchObject({
            name: 'SessionEngineError',
            status: 503,
            engine: engine.name,
            cause: expect.any(Error),
          })
        }
      },
    )
  })

  it('fails with the cause if the connection is refused', async () => {
    const placeholder = createServer().listen(0, '127.0.0.1')
    await once(placeholder, 'listening')
    const { port } = placeholder.address() as { port: number }
    placeholder.close()
    await once(placeholder, 'close')
    const { engine } = opened({ url: by(port, serviceUrl(service)), table: freshTable() })

    const load = managerOf(engine).open('k'.repeat(32)).load()
    await expect(load).rejects.toMatchObject({
      code: 'SESSION_ENGINE',
      operation: 'load',
      cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
    })
  })

  it('fails within the timeout if the server hangs', async () => {
    const proxy = await proxyTo(Number(new URL(serviceUrl(service)).port))
    closing.push(proxy.close)
    const url = by(proxy.port, serviceUrl(service))
    const table = freshTable()
    const { engine: direct } = opened({ url: serviceUrl(service), table })
    await direct.migrate()
    await direct.create('id', record('kept'))
    const { engine } = opened({ url, table, timeout: 250, connections: 2, connectTimeout: 1000 })
    await engine.load('id')

    proxy.hang()
    const calls = [
      () => engine.load('id'),
      () => engine.save('id', record('other')),
      // By now, each connection of the pool hangs, or a new one gets no reply.
      () => engine.load('id'),
      () => engine.delete('id'),
    ]
    for (const call of calls) {
      await expect(call()).rejects.toThrow('The database did not answer within 250 ms.')
    }
    proxy.recover()
    if (!replacesHung) return
    // Connections that were being opened time out first.
    const again = async (): Promise<unknown> => {
      const loaded = await Promise.allSettled([engine.load('id')])
      return loaded[0].status === 'fulfilled' ? loaded[0].value : again()
    }
    expect(await again()).toMatchObject({ data: 'kept' })
  })

  it(`fails within the timeout if the pool is exhausted, and ${forgets ? 'never runs the call' : 'runs the call later'}`, async () => {
    const table = freshTable()
    const { engine, occupy } = opened({
      url: serviceUrl(service),
      table,
      timeout: 250,
      connections: 1,
    })
    await engine.migrate()
    const release = await occupy()
    await expect(engine.create('id', record('late'))).rejects.toThrow(
      /did not answer within 250 ms/,
    )
    release()
    expect(await engine.exists('id')).toBe(!forgets)
  })
}
