import { expect, it } from 'vitest'
import type { TableOptions } from '../src/sqlite.ts'
import { describeMigration } from './describe-migration.ts'
import { describeRequests } from './describe-requests.ts'
import { describeWaiting } from './describe-waiting.ts'
import { record, subjectOf, type Server } from './server.ts'

/** Registers the cases for every database server, besides the contract. */
export function describeServer(
  driver: string,
  how: { readonly url: () => string; readonly open: () => Server },
): void {
  const subject = subjectOf(driver, how)
  const { server, table, migrated } = subject

  describeMigration(subject)
  describeWaiting(subject)
  describeRequests({ ...subject, run: async (sql) => server().run(sql) })

  it('runs one statement per call, as counted by the server', async () => {
    await migrated()
    const { engine, statements, close } = await server().counted({ table: table() })
    const calls = [
      () => engine.create('id', record('1')),
      () => engine.create('id', record('1')),
      () => engine.load('id'),
      () => engine.exists('id'),
      () => engine.save('id', record('2')),
      () => engine.save('id', record('2'), 'stale'),
      () => engine.save('other', record('2'), 'stale'),
      () => engine.touch('id', record('2')),
      () => engine.touch('id', record('2'), 'stale'),
      () => engine.delete('id', 'stale'),
      () => engine.delete('other', 'stale'),
      () => engine.delete('id'),
      () => engine.delete('id'),
      () => engine.load('id'),
    ]
    const counts: number[] = []
    for (const call of calls) {
      const before = await statements()
      await call()
      counts.push((await statements()) - before)
    }
    await close()
    expect(counts).toEqual(calls.map(() => 1))
  })

  it('refuses an invalid timeout', () => {
    for (const timeout of [0, -1, NaN, '5000' as never]) {
      expect(() => server().engine({ timeout } as TableOptions)).toThrow(
        /^timeout must be a positive/,
      )
    }
  })

  it('lets one of a thousand concurrent creates win', async () => {
    const engine = await migrated()
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => engine.create('id', record(`${index}`))),
    )
    const winners = answers.flatMap(({ status }, index) => (status === 'saved' ? [`${index}`] : []))
    expect(winners).toHaveLength(1)
    expect((await engine.load('id'))?.data).toBe(winners[0])
  })

  it('lets one of a thousand concurrent creates replace an expired record', async () => {
    const engine = await migrated()
    await engine.create('id', { data: 'expired', expiresAt: Date.now() - 1 })
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async (_, index) => engine.create('id', record(`${index}`))),
    )
    expect(answers.filter(({ status }) => status === 'saved')).toHaveLength(1)
  })

  it('decides by the clock of the server what has expired', async () => {
    const engine = await migrated()
    const soon = Date.now() + 60_000
    await engine.create('id', { data: '{}', expiresAt: soon })
    await engine.create('gone', { data: '{}', expiresAt: Date.now() - 60_000 })
    expect(await engine.load('id')).toMatchObject({ expiresAt: soon })
    expect(await engine.load('gone')).toBeUndefined()
    expect(await engine.clearExpired({})).toBe(1)
  })

  it('deletes all expired records while an open transaction holds a live one', async () => {
    const engine = await migrated()
    await engine.create('live', record('live'))
    for (let index = 0; index < 30; index += 1) {
      await engine.create(`id ${index}`, { data: '{}', expiresAt: Date.now() - 1 })
    }
    const other = await server().hold(`UPDATE ${table()} SET data = 'held' WHERE id = 'live'`)
    const progress: number[] = []
    const count = await engine.clearExpired({
      batchSize: 10,
      onProgress: (deleted) => progress.push(deleted),
    })
    await other.commit()
    expect(count).toBe(30)
    expect(progress).toEqual([10, 20, 30, 30])
    expect((await engine.load('live'))?.data).toBe('held')
  })
}
