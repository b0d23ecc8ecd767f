import assert from 'node:assert/strict'
import * as core from '@sessions/core'
import { platform } from '@sessions/core/platform'
import * as db from '@sessions/db/sqlite'
import * as adapter from '@sessions/hono'
import * as memory from '@sessions/memory'
import * as hono from 'hono'
import Database from 'libsql'
import scenario from './scenario.cjs'

assert.equal(platform.sha256Hex('').slice(0, 8), 'e3b0c442')
await scenario.run(assert, { core, memory, db, hono, adapter, Database })
