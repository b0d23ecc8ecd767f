import { describe, expect, it } from 'vitest'
import type { DatabaseEngine } from '../src/sqlite.ts'
import { record, type Subject } from './server.ts'

/** Registers what calls answer after they had to wait for another transaction that changed the record. */
export function describeWaiting({ server, table, migrated }: Subject): void {
  describe('a call that waits for another transaction', () => {
    const cases: readonly {
      readonly meanwhile: string
      readonly change: (id: string) => string
      readonly call: (engine: DatabaseEngine, version: string) => unknown
      readonly answer: unknown
    }[] = [
      {
        meanwhile: 'saved, answers conflict to a save',
        change: (at) => `UPDATE ${at} SET data = 'theirs', version = 'theirs'`,
        call: (engine, version) => engine.save('id', record('ours'), version),
        answer: { status: 'conflict' },
      },
      {
        meanwhile: 'saved, answers conflict to a delete',
        change: (at) => `UPDATE ${at} SET data = 'theirs', version = 'theirs'`,
        call: (engine, version) => engine.delete('id', version),
        answer: 'conflict',
      },
      {
        meanwhile: 'deleted, answers missing to a save',
        change: (at) => `DELETE FROM ${at}`,
        call: (engine, version) => engine.save('id', record('ours'), version),
        answer: { status: 'missing' },
      },
      {
        meanwhile: 'deleted, answers missing to a delete',
        change: (at) => `DELETE FROM ${at}`,
        call: (engine, version) => engine.delete('id', version),
        answer: 'missing',
      },
      {
        meanwhile: 'expired the record, answers missing to a touch',
        change: (at) => `UPDATE ${at} SET expires_at = 0`,
        call: (engine, version) => engine.touch('id', record('ours'), version),
        answer: { status: 'missing' },
      },
      {
        meanwhile: 'moved the deadline, still deletes the record',
        change: (at) => `UPDATE ${at} SET expires_at = expires_at + 1000`,
        call: (engine, version) => engine.delete('id', version),
        answer: 'deleted',
      },
      {
        meanwhile: 'moved the deadline, still saves the record',
        change: (at) => `UPDATE ${at} SET expires_at = expires_at + 1000`,
        call: (engine, version) => engine.save('id', record('ours'), version),
        answer: { status: 'saved', version: expect.any(String) },
      },
    ]
    for (const { meanwhile, change, call, answer } of cases) {
      it(`which ${meanwhile}`, async () => {
        const engine = await migrated()
        const created = await engine.create('id', record('first'))
        const version = created.status === 'saved' ? created.version : ''
        const other = await server().hold(`${change(table())} WHERE id = 'id'`)
        const pending = call(engine, version)
        while ((await server().waiting(table())) === 0);
        await other.commit()

        expect(await pending).toEqual(answer)
        const loaded = await engine.load('id')
        const saved = typeof answer === 'object' && 'version' in (answer as object)
        const theirs = answer === 'conflict' || JSON.stringify(answer).includes('conflict')
        expect(loaded?.data).toBe(saved ? 'ours' : theirs ? 'theirs' : undefined)
      })
    }
  })
}
