import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'

/** What is allocated is the same in every run, where nothing is compiled or collected while it is counted. */
const flags = [
  '--expose-gc',
  '--predictable',
  '--single-threaded',
  '--no-opt',
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--conditions=@sessions/source',
  '--import=tsx',
  '--input-type=module',
]

const program = `
  import { createSessions } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url))}

  const unused = () => { throw new Error('The engine was asked.') }
  const engine = { name: 'unused', load: unused, exists: unused, create: unused, save: unused, touch: unused, delete: unused }
  const manager = createSessions({ engine })
  const cookies = 'theme=dark; sessionid=' + 'k'.repeat(32)
  const response = { status: 200, https: true, host: 'example.com' }
  const request = () => manager.commit(manager.openFromCookies(cookies), response)
  const used = () => process.memoryUsage().heapUsed

  for (let count = 0; count < 1000; count++) request()
  gc()
  const own = -(used() - used())
  const before = used()
  for (let count = 0; count < 1000; count++) request()
  console.log((used() - before - own) / 1000)
`

it('a request that does not touch its session allocates less than 1 KB', () => {
  const bytes = Number(
    execFileSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8' }),
  )

  expect(bytes).toBeGreaterThan(0)
  expect(bytes).toBeLessThan(1024)
})
