const assert = require('node:assert/strict')
const core = require('@sessions/core')
const { platform } = require('@sessions/core/platform')
const db = require('@sessions/db/sqlite')
const adapter = require('@sessions/hono')
const memory = require('@sessions/memory')
const hono = require('hono')
const Database = require('libsql')
const scenario = require('./scenario.cjs')

assert.equal(platform.sha256Hex('').slice(0, 8), 'e3b0c442')

scenario.run(assert, { core, memory, db, hono, adapter, Database }).catch((error) => {
  console.error(error)
  process.exitCode = 1
})
