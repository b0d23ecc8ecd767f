import { memoryEngine } from '@sessions/memory'
import { sessions } from '@sessions/node'
import { describe, expect, it } from 'vitest'
import { ask } from './support/client.ts'
import { cookieOf } from './support/exchange.ts'
import { serve } from './support/servers.ts'

/** Serves `/new`, which creates a session, and paths that call `save()` after the first byte. */
async function serveLate(): Promise<{ url: string; thrown: unknown[] }> {
  const mount = sessions({ engine: memoryEngine() })
  const thrown: unknown[] = []
  const { url } = await serve(async (req, res) => {
    mount(req, res)
    if (req.url === '/first-touch') res.write('text')
    const session = await mount.load(req)
    if (req.url === '/new') session.set('views', 1)
    else res.write('text')
    session.set('views', session.get('views', 0) + 1)
    try {
      await session.save()
    } catch (error) {
      thrown.push((error as { code: string }).code)
    }
    res.end(String(session.get('views')))
  })
  return { url, thrown }
}

describe('sessions: after the headers have been sent', () => {
  it('save() stores a session that the client already has', async () => {
    const { url, thrown } = await serveLate()
    const cookie = cookieOf((await ask(`${url}/new`)).headers)

    expect((await ask(`${url}/late`, { headers: { cookie } })).body).toBe('text3')
    expect((await ask(`${url}/first-touch`, { headers: { cookie } })).body).toBe('texttext4')
    expect(thrown).toEqual([])
  })

  it('save() of a new session throws SessionCommittedError', async () => {
    const { url, thrown } = await serveLate()

    await ask(`${url}/late`)
    await ask(`${url}/first-touch`)

    expect(thrown).toEqual(['SESSION_COMMITTED', 'SESSION_COMMITTED'])
  })
})
