import type { DatabaseEngine } from '../src/sqlite.ts'
import { record } from './server.ts'

/** A call that never throws, but rejects. */
type Call = () => Promise<unknown>

/**
 * Every call of the contract, with its name, on the session `id` of version `version` and on the attribute `user`,
 * whose value is `ada`.
 */
export function everyCall(engine: DatabaseEngine, version = 'version'): readonly [string, Call][] {
  const written = { ...record('{}'), attributes: { user: 'ada' } }
  return [
    ['load', async () => engine.load('id')],
    ['exists', async () => engine.exists('id')],
    ['create', async () => engine.create('id', written)],
    ['save', async () => engine.save('id', written)],
    ['save', async () => engine.save('id', written, version)],
    ['touch', async () => engine.touch('id', written)],
    ['touch', async () => engine.touch('id', written, version)],
    ['delete', async () => engine.delete('id')],
    ['delete', async () => engine.delete('id', version)],
    ['find', async () => engine.find('user', 'ada')[Symbol.asyncIterator]().next()],
    ['clearExpired', async () => engine.clearExpired({})],
  ]
}
