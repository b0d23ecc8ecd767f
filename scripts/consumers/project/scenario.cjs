/* What every consumer does with the modules, which each loads in its own way: this file imports nothing. */

/** Saves a session and loads it again by its key. */
const savesAndReadsBack = async (assert, { createSessions }, engine) => {
  const manager = createSessions({ engine })
  const session = manager.open()
  session.set('views', 1)
  session.set('user', { name: 'ada' })
  await session.save()
  assert.match(session.sessionKey, /^[a-z0-9]{32}$/)

  const again = await manager.open(session.sessionKey).load()
  assert.deepEqual(again.toObject(), { views: 1, user: { name: 'ada' } })
}

/** Counts the visits to an application in a session. */
const countsVisits = async (assert, { Hono }, { sessions }, engine) => {
  const app = new Hono()
  app.use(sessions({ engine }))
  app.get('/', async (c) => {
    const session = await c.var.session.load()
    session.data.views = (session.data.views ?? 0) + 1
    return c.json({ views: session.data.views })
  })

  const first = await app.request('http://localhost/')
  assert.equal(await first.text(), '{"views":1}')
  const cookie = first.headers.get('set-cookie')
  assert.match(cookie, /^sessionid=[a-z0-9]{32}; /)

  const second = await app.request('http://localhost/', {
    headers: { cookie: cookie.split(';')[0] },
  })
  assert.equal(await second.text(), '{"views":2}')
}

/** Reading a session before it is loaded throws an error with a literal `code`. */
const refusesUnloaded = async (assert, { createSessions }, engine) => {
  const session = createSessions({ engine }).open('a'.repeat(32))
  assert.throws(
    () => session.get('views'),
    (error) => error.code === 'SESSION_NOT_LOADED',
  )
}

exports.run = async (assert, { core, memory, db, hono, adapter, Database }) => {
  await savesAndReadsBack(assert, core, memory.memoryEngine())
  await countsVisits(assert, hono, adapter, memory.memoryEngine())
  await refusesUnloaded(assert, core, memory.memoryEngine())

  const sqlite = db.sqliteEngine(new Database(':memory:'))
  await sqlite.migrate()
  await savesAndReadsBack(assert, core, sqlite)
}
