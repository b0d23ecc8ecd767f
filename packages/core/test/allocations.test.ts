import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'

/** Without compilation and garbage collection during the count, allocations hardly vary between runs. */
const flags = [
  '--expose-gc',
  '--predictable',
  '--single-threaded',
  '--no-opt',
  '--no-sparkplug',
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--conditions=@sessions/source',
  '--import=tsx',
  '--input-type=module',
]

/** Counts the bytes that each kind of request allocates with a session of 500 bytes, and those of its JSON alone. */
const program = `
  import { createSessions } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url))}

  const data = JSON.stringify({ views: 1000, user: { name: 'ada' }, note: 'n'.repeat(453) })
  const record = { data, expiresAt: Number.MAX_SAFE_INTEGER, version: '1' }
  const saved = { status: 'saved', version: '1' }
  const unused = () => { throw new Error('This is not asked for.') }
  const others = { exists: unused, create: unused, touch: unused, delete: unused }
  const engine = { name: 'one record', load: () => record, save: () => saved, ...others }
  const manager = createSessions({ engine })
  const cookies = 'theme=dark; sessionid=' + 'k'.repeat(32)
  const response = { status: 200, https: true, host: 'example.com' }

  const request = async (use) => {
    const session = await manager.openFromCookies(cookies).load()
    use(session)
    await manager.commit(session, response)
  }
  const requests = {
    json: () => JSON.stringify(JSON.parse(data)),
    untouched: () => manager.commit(manager.openFromCookies(cookies), response),
    read: () => request((session) => session.get('views')),
    change: () => request((session) => session.set('views', session.get('views') + 1)),
  }
  const used = () => process.memoryUsage().heapUsed
  const allocated = async (run) => {
    for (let count = 0; count < 500; count++) await run()
    gc()
    const own = -(used() - used())
    const before = used()
    for (let count = 0; count < 500; count++) await run()
    return (used() - before - own) / 500
  }
  const bytes = {}
  for (const [name, run] of Object.entries(requests)) bytes[name] = await allocated(run)
  console.log(JSON.stringify(bytes))
`

describe('a request', () => {
  let bytes: Record<'json' | 'untouched' | 'read' | 'change', number>
  beforeAll(() => {
    const output = execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' })
    bytes = JSON.parse(output) as typeof bytes
  })

  it('that does not touch its session allocates less than 1 KB', () => {
    // A check of the counter itself: handling 500 bytes of JSON allocates twice that.
    expect(bytes.json).toBeGreaterThan(1000)
    expect(bytes.untouched).toBeLessThan(1024)
  })

  it('that reads its session allocates less than 7 KB', () => {
    expect(bytes.read).toBeLessThan(7 * 1024)
  })

  it('that changes its session allocates less than 13 KB', () => {
    expect(bytes.change).toBeLessThan(13 * 1024)
  })
})
