const assert = require('node:assert/strict')
const core = require('@sessions/core')
const db = require('@sessions/db/sqlite')
const adapter = require('@sessions/hono')
const memory = require('@sessions/memory')
const { fakeClock } = require('@sessions/testing/fake-clock')
const hono = require('hono')
const Database = require('libsql')
const scenario = require('./scenario.cjs')

test('sessions work under Jest, in CommonJS', async () => {
  await scenario.run(assert, { core, memory, db, hono, adapter, Database })
})

test('a test can move the clock', async () => {
  const clock = fakeClock()
  const engine = memory.memoryEngine({ clock })
  const manager = core.createSessions({ engine, clock, cookie: { age: 60 } })
  const session = manager.open()
  session.set('views', 1)
  await session.save()

  clock.advance(60_000)
  assert.equal(await session.exists(), false)
})
