import { connect, type Socket } from 'node:net'
import postgres from 'postgres'
import { describe, expect, it } from 'vitest'
import { postgresEngine } from '../src/postgres.ts'
import { describeFaults, failureOf } from './describe-faults.ts'
import { everyCall } from './every-call.ts'
import { proxyTo } from './proxy.ts'
import { record } from './server.ts'
import { freshTable, serviceUrl } from './services.ts'

describe('postgresEngine through postgres.js', () => {
  describeFaults({
    service: 'postgres',
    replacesHung: false,
    forgets: false,
    open({ url, table, timeout, connections = 10 }) {
      const sql = postgres(url, { max: connections, backoff: () => 0, connect_timeout: 2 })
      return {
        engine: postgresEngine(sql, { table, timeout }),
        async occupy() {
          const reserved = await sql.reserve()
          return () => reserved.release()
        },
        close: async () => sql.end({ timeout: 0 }),
      }
    },
  })

  it('leaves the pool a connection that was still being opened when a call timed out', async () => {
    const { hostname, port } = new URL(serviceUrl('postgres'))
    const gate: { open?: () => void } = {}
    const opened = new Promise<void>((resolve) => void (gate.open = resolve))
    const socket = async (): Promise<Socket> => {
      await opened
      return connect(Number(port), hostname)
    }
    const options = { max: 1, socket }
    const sql = postgres(serviceUrl('postgres'), options)
    const engine = postgresEngine(sql, { timeout: 1 })

    await expect(engine.load('id')).rejects.toThrow('The database did not answer within 1 ms.')
    gate.open?.()
    expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }])
    await sql.end({ timeout: 0 })
  })

  it.each([
    ['discarded its prepared statements', () => 'DEALLOCATE ALL'],
    [
      'changed the type of a column',
      (table: string) => `ALTER TABLE ${table} ALTER data TYPE varchar`,
    ],
  ])(
    'answers each of many concurrent calls with its own record after the server has %s',
    async (_, statement) => {
      const sql = postgres(serviceUrl('postgres'), { max: 1 })
      const table = freshTable()
      const engine = postgresEngine(sql, { table })
      await engine.migrate()
      const ids = Array.from({ length: 10 }, (_, index) => `id ${index}`)
      for (const id of ids) {
        await engine.create(id, record(id))
        await engine.load(id)
      }
      await sql.unsafe(statement(table))

      // Each loads again and again, so that calls are made at every step of the others.
      const loaded = await Promise.all(
        ids.map(async (id) => {
          const all: unknown[] = []
          for (let round = 0; round < 5; round += 1) all.push((await engine.load(id))?.data)
          return all
        }),
      )
      expect(loaded).toEqual(ids.map((id) => [id, id, id, id, id]))
      await sql.unsafe(`DROP TABLE ${table}`)
      await sql.end({ timeout: 0 })
    },
  )

  it('fails, and does not answer absence, if a call is made while an idle connection is being reset', async () => {
    const { port } = new URL(serviceUrl('postgres'))
    const proxy = await proxyTo(Number(port))
    const sockets: Socket[] = []
    const options = {
      max: 1,
      backoff: () => 0,
      async socket() {
        const socket = connect(proxy.port, '127.0.0.1')
        sockets.push(socket)
        return socket
      },
    }
    const sql = postgres(serviceUrl('postgres'), options)
    const table = freshTable()
    const engine = postgresEngine(sql, { table, columns: { user: { type: 'text' } } })
    await engine.migrate()
    const attributes = { user: 'ada' }
    await engine.create('id', { ...record('kept'), attributes })
    const version = (await engine.load('id'))?.version

    for (const [name, call] of everyCall(engine, version)) {
      const socket = sockets.at(-1)
      const failure = new Promise<unknown>((resolve) => {
        // The connection closes in a later phase of the same turn. Until then, postgres.js uses it for the call.
        socket?.once('error', () => resolve(failureOf(call())))
      })
      const closed = new Promise((resolve) => socket?.once('close', resolve))
      proxy.reset()
      await closed
      // The next call makes it connect again, and then it answers the previous one.
      expect(await engine.load('id'), name).toMatchObject({ data: 'kept', version })
      expect(await failure, name).toMatchObject({
        message: expect.stringMatching(/^The client answered without the server's result/),
      })
    }
    await sql`DROP TABLE ${sql(table)}`
    await sql.end()
    await proxy.close()
  })

  it('fails, and does not answer absence, after a connection was lost behind a row', async () => {
    const url = new URL(serviceUrl('postgres'))
    const proxy = await proxyTo(Number(url.port))
    url.port = String(proxy.port)
    // Otherwise, postgres.js would first ask the server for its types.
    const sql = postgres(url.href, { max: 1, fetch_types: false, backoff: () => 0 })
    const table = freshTable()
    const engine = postgresEngine(sql, { table })
    await engine.migrate()
    await engine.create('id', record('{}'))

    for (const call of [
      () => engine.load('id'),
      () => engine.save('id', record('{}')),
      () => engine.exists('id'),
    ]) {
      proxy.cutBefore('SELECT 1\u0000')
      expect(await failureOf(engine.load('id'))).toMatchObject({ code: 'CONNECTION_CLOSED' })
      await expect(call()).rejects.toThrow('2 rows, but the server sent 1')
      expect(await engine.load('id')).toMatchObject({ data: '{}' })
    }
    await sql`DROP TABLE ${sql(table)}`
    await sql.end()
    await proxy.close()
  })
})
