const assert = require('node:assert/strict')
const core = require('@sessions/core')
const db = require('@sessions/db/sqlite')
const adapter = require('@sessions/hono')
const memory = require('@sessions/memory')
const hono = require('hono')
const Database = require('libsql')
const scenario = require('./scenario.cjs')

test('sessions work under Jest, in CommonJS', async () => {
  await scenario.run(assert, { core, memory, db, hono, adapter, Database })
})
