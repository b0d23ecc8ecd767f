import type { SessionEvent } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import { sessions } from '@sessions/node'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { ask, askHttp2 } from './support/client.ts'
import { serve, serveHttp2 } from './support/servers.ts'

async function secureOf(
  headers: Record<string, string>,
  https?: (req: IncomingMessage) => boolean,
): Promise<{ secure: boolean; events: SessionEvent[] }> {
  const events: SessionEvent[] = []
  const mount = sessions(
    { engine: memoryEngine(), onEvent: (event) => void events.push(event) },
    { https },
  )
  const { url } = await serve(async (req, res) => {
    mount(req, res)
    ;(await mount.load(req)).set('views', 1)
    res.end()
  })
  const answer = await ask(url, { headers })
  const secure = answer.headers['set-cookie']?.[0]?.includes('; Secure') === true
  return { secure, events: events.filter(({ type }) => type === 'insecure') }
}

const believe = (req: IncomingMessage): boolean => req.headers['x-forwarded-proto'] === 'https'

describe('sessions: https and host', () => {
  it('plain http to a loopback address: not Secure', async () => {
    expect(await secureOf({})).toEqual({ secure: false, events: [] })
  })

  it('plain http to another host: Secure, and reported', async () => {
    const { secure, events } = await secureOf({ host: 'shop.example' })

    expect(secure).toBe(true)
    expect(events).toMatchObject([{ host: 'shop.example' }])
  })

  it("a proxy's header is believed only by the option `https`", async () => {
    const headers = { 'x-forwarded-proto': 'https' }

    expect((await secureOf(headers)).secure).toBe(false)
    expect((await secureOf(headers, believe)).secure).toBe(true)
  })

  it('over HTTP/2, the host is :authority', async () => {
    const mount = sessions({ engine: memoryEngine() })
    const { url } = await serveHttp2(async (req, res) => {
      mount(req, res)
      ;(await mount.load(req)).set('views', 1)
      res.end()
    })

    const local = await askHttp2(url)
    const other = await askHttp2(url, { headers: { ':authority': 'shop.example' } })

    expect(local.headers['set-cookie']?.[0]).not.toContain('; Secure')
    expect(other.headers['set-cookie']?.[0]).toContain('; Secure')
  })
})
