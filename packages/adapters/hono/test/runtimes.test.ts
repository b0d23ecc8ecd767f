import { dumps, loads } from '@sessions/core'
import { encryptedCookieEngine, signedCookieEngine } from '@sessions/signed-cookies'
import { describeAdapter, type AdapterSubject } from '@sessions/testing'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { referenceChunks } from '@sessions/testing/reference-app'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeCookies } from './runtimes/cookie-engines.ts'
import type { Given } from './runtimes/programs/app.ts'
import { samplePlatform } from './runtimes/programs/platform-sample.ts'
import { secretKey } from './runtimes/programs/secret-key.ts'
import { runtimes } from './runtimes/runtimes.ts'
import { serversOf, type RuntimeServers } from './runtimes/servers.ts'
import { createStage, type Stage } from './runtimes/stage.ts'

const cookieEngines = {
  'signed-cookies': signedCookieEngine,
  'encrypted-cookies': encryptedCookieEngine,
}

let stage: Stage

beforeAll(async () => {
  stage = await createStage()
  return stage.remove
}, 120_000)

for (const runtime of runtimes) {
  describe(`Hono on ${runtime.title}`, () => {
    const servers = serversOf(runtime, () => stage)
    afterAll(() => servers.close())

    const over = (engine: Given['engine']): AdapterSubject => ({
      inProcess: false,
      serve: async ({ flags = {} }) => ({
        url: await servers.url({ engine, flags }),
        close: async () => {},
      }),
    })

    describeAdapter('over memory', over('memory'))
    if (runtime.sqlite !== undefined) describeAdapter(`over ${runtime.sqlite}`, over('sqlite'))

    for (const [name, createEngine] of Object.entries(cookieEngines)) {
      describeCookies(name, {
        url: () => servers.url({ engine: name as keyof typeof cookieEngines, flags: {} }),
        engine: createEngine({ secretKey }),
      })
    }

    describe('beyond the suite', () => {
      const ask = askerOf(servers)

      it(`core uses the ${runtime.platform} implementation of its platform`, async () => {
        if (runtime.platform === 'node') {
          const module = await (await ask('signing/platform')).text()
          expect(module).toMatch(/core\/dist\/platform\/node\.js$/)
        } else {
          expect(await readFile(join(stage.folder, 'worker.js'), 'utf8')).not.toContain('node:')
        }
      })

      it('core computes the same as on Node', async () => {
        expect(await (await ask('signing/sample')).json()).toEqual(samplePlatform())
      })

      it('a stream arrives before its last chunk is written', async () => {
        const url = await servers.url({ engine: 'memory', flags: {} })
        const { body } = await fetch(`${url}/stream`)
        const chunks: string[] = []
        for await (const bytes of body ?? []) chunks.push(new TextDecoder().decode(bytes))

        expect(chunks.join('')).toBe(referenceChunks.map((chunk) => `${chunk}\n`).join(''))
        expect(chunks[0]).not.toContain(referenceChunks.at(-1))
      })

      it('a response with immutable headers carries the cookie', async () => {
        const answer = await ask('responses/redirect')

        expect(answer.status).toBe(303)
        expect(answer.headers.get('location')).toBe('http://localhost/elsewhere')
        expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^sessionid=\w{32};/)])
      })

      it('a text is still a text, and not a download, if its response carries the cookie', async () => {
        const answer = await ask('responses/text')

        expect(answer.headers.get('content-type')).toMatch(/^text\/plain;/)
        expect(answer.headers.getSetCookie()).toHaveLength(1)
        expect(await answer.text()).toBe('hello')
      })

      for (const lost of ['redirect', 'stream']) {
        it(`the error of a failing store replaces a ${lost}`, async () => {
          const answer = await ask(`failing/${lost}`)

          expect(answer.status).toBe(503)
          expect(await answer.json()).toEqual({ error: 'SESSION_ENGINE' })
          for (const name of ['set-cookie', 'location', 'etag']) {
            expect(answer.headers.get(name)).toBeNull()
          }
        })
      }

      it('values signed there can be read on Node, and vice versa', async () => {
        const options = { secretKey }
        const text = 'żółć 🔑 '.repeat(100)

        const theirs = await (await ask('signing/dumps', text)).text()
        const ours = dumps(text, { ...options, compress: true })

        expect(loads(theirs, options)).toBe(text)
        expect(await (await ask('signing/loads', ours)).text()).toBe(text)
        expect(await (await ask('signing/loads', `${ours}x`)).text()).toBe('BAD_SIGNATURE')
      })

      if (!runtime.noticesHangUp) return

      it('a client that hangs up has no changes stored', async () => {
        const url = await servers.url({ engine: 'memory', flags: {} })
        const count = await fetch(`${url}/aside/slow/count`)
        const cookie = count.headers.getSetCookie()[0]?.split(';')[0] ?? ''
        const client = request(`${url}/aside/slow/work`, {
          method: 'POST',
          headers: { cookie },
          agent: false,
        })
        const closed = new Promise((resolve) => {
          client.on('error', resolve)
        })
        client.end()
        await fetch(`${url}/aside/slow/entered`)
        client.destroy(new Error('hung up'))
        await closed
        await fetch(`${url}/untouched`)

        await fetch(`${url}/aside/slow/leave`)

        const all = await fetch(`${url}/aside/slow/all`, { headers: { cookie } })
        expect(await all.json()).toEqual({ views: 1 })
      })
    })
  })
}

/** Asks the apps beside the reference app. */
function askerOf(servers: RuntimeServers): (path: string, body?: string) => Promise<Response> {
  return async (path, body) => {
    const url = await servers.url({ engine: 'memory', flags: {} })
    return fetch(`${url}/aside/${path}`, {
      redirect: 'manual',
      ...(body === undefined ? {} : { method: 'POST', body }),
    })
  }
}
