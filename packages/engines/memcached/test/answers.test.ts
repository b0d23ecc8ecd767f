import { execFileSync } from 'node:child_process'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { memcachedClient } from '../src/index.ts'
import { replyReader } from '../src/replies.ts'
import { fakeServer } from './fake-server.ts'
import { ownServer } from './own-server.ts'

/** The reply to a get that finds an item. */
const hit = 'VA 5 c7\r\nhello\r\n'

describe('replyReader', () => {
  it('reads the same replies however they are split into chunks', () => {
    const bytes = Buffer.from(
      `EN\r\n${hit}VA 8 c8\r\n\u00e9\r\n\u{1f511}\r\nVA 0 c9\r\n\r\nHD c10\r\n`,
    )
    const answers = [
      ['EN', undefined],
      ['VA 5 c7', 'hello'],
      ['VA 8 c8', '\u00e9\r\n\u{1f511}'],
      ['VA 0 c9', ''],
      ['HD c10', undefined],
    ]
    for (let one = 0; one <= bytes.length; one += 1) {
      for (let two = one; two <= bytes.length; two += 1) {
        const read: unknown[] = []
        const take = replyReader((line, value) => read.push([line, value]))
        for (const piece of [
          bytes.subarray(0, one),
          bytes.subarray(one, two),
          bytes.subarray(two),
        ]) {
          take(piece)
        }
        expect(read).toEqual(answers)
      }
    }
  })
})

describe('memcachedClient', () => {
  it.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'its reply is not the expected one'],
    ['ERROR\r\n', 'ERROR'],
    ['SERVER_ERROR too many open connections\r\n', 'SERVER_ERROR too many open connections'],
    ['END\r\nEND\r\n', 'its stats have no time'],
    ['x'.repeat(3000), 'a line does not end with CRLF'],
  ])('refuses a server whose first reply is %j', async (first, reason) => {
    const server = await fakeServer(() => undefined, first)
    const client = memcachedClient(server.name)
    await expect(client.metaGet('key', 5000)).rejects.toThrow(
      `Memcached at ${server.name} does not answer as memcached 1.6 does: ${reason}.`,
    )
    client.close()
    await server.close()
  })

  it('refuses a server whose compare-and-set is turned off', async () => {
    const server = await ownServer('-C')
    const client = memcachedClient(server.name)
    await expect(client.metaGet('key', 5000)).rejects.toThrow(
      'does not answer as memcached 1.6 does: it was started with -C, which turns compare-and-set off.',
    )
    client.close()
    await server.kill()
  })

  it.each([
    'ERROR\r\n',
    'CLIENT_ERROR bad command line format\r\n',
    'HD\r\n',
    '\r\n',
    'secret\r\n',
    'EN\n',
    'VA 5\r\nhello\r\nEN\r\n',
    'VA\r\n',
    'VA x c1\r\n',
    'VA -1 c1\r\n',
    'VA 2 c1\r\nhello\r\n',
    'x'.repeat(3000),
    `${hit}${hit}`,
  ])('replaces a connection on which the reply is %j', async (garbage) => {
    const server = await fakeServer((socket) =>
      socket.write(server.connections() === 1 ? garbage : hit),
    )
    const client = memcachedClient(server.name)
    const [failure] = await Promise.allSettled([client.metaGet('key', 5000)])
    if (failure.status === 'rejected') {
      const { message } = failure.reason as Error
      expect(message).toContain(
        `Memcached at ${server.name} does not answer as memcached 1.6 does:`,
      )
      expect(inspect(failure.reason)).not.toContain('secret')
    } else {
      expect(failure.value?.value).toBe('hello')
    }

    expect((await client.metaGet('key', 5000))?.value).toBe('hello')
    expect(server.connections()).toBe(2)
    client.close()
    await server.close()
  })

  it('fails only the command that the server answers with SERVER_ERROR', async () => {
    const server = await fakeServer((socket, request) => {
      for (const line of request.split('\r\n').slice(0, -1)) {
        socket.write(line.includes('bad') ? 'SERVER_ERROR out of memory\r\n' : hit)
      }
    })
    const client = memcachedClient(server.name)
    const [good, bad, next] = await Promise.allSettled(
      ['good', 'bad', 'next'].map(async (key) => client.metaGet(key, 5000)),
    )
    expect([good?.status, next?.status]).toEqual(['fulfilled', 'fulfilled'])
    expect(String(Reflect.get(bad ?? {}, 'reason'))).toBe(
      `Error: Memcached at ${server.name} failed to execute the command: SERVER_ERROR out of memory`,
    )
    expect(server.connections()).toBe(1)
    client.close()
    await server.close()
  })

  it('does not join a truncated reply with one from the next connection', async () => {
    const server = await fakeServer((socket) => {
      if (server.connections() > 1) socket.write(hit)
      else socket.write('VA 100 c1\r\nsomebody else', () => socket.destroy())
    })
    const client = memcachedClient(server.name)
    await expect(client.metaGet('key', 5000)).rejects.toThrow(
      /closed the connection|cannot be reached/,
    )
    expect((await client.metaGet('key', 5000))?.value).toBe('hello')
    client.close()
    await server.close()
  })

  it.each([
    ['a command', undefined],
    ['the first request', ''],
  ])('replaces a connection on which %s is never answered', async (_, first) => {
    const server = await fakeServer((socket) => {
      if (server.connections() > 1) socket.write(hit)
    }, first)
    const client = memcachedClient(server.name)
    const patient = client.metaGet('key', 5000)
    const calls = await Promise.allSettled([client.metaGet('key', 50), patient])
    for (const call of calls) {
      expect(String(Reflect.get(call, 'reason'))).toBe(
        `Error: Memcached at ${server.name} did not answer within 50 ms.`,
      )
    }
    const next = client.metaGet('key', first === '' ? 50 : 5000)
    if (first === '') await expect(next).rejects.toThrow('did not answer')
    else expect((await next)?.value).toBe('hello')
    expect(server.connections()).toBe(2)
    client.close()
    await server.close()
  })

  it('reads the replies that arrived while the process was blocked before it times out', async () => {
    const server = await ownServer()
    const client = memcachedClient(server.name)
    expect(await client.metaGet('key', 5000)).toBeUndefined()
    const waiting = client.metaGet('key', 20)
    // Once the request is sent, blocks this process until the server has replied, which takes longer than the timeout.
    setImmediate(() => execFileSync(process.execPath, ['-e', untilAsked(server.port, 2)]))
    expect(await waiting).toBeUndefined()
    client.close()
    await server.kill()
  })

  it('takes Infinity for a timeout', async () => {
    const server = await fakeServer((socket) => setImmediate(() => socket.write(hit)))
    const client = memcachedClient(server.name)
    expect((await client.metaGet('key', Infinity))?.value).toBe('hello')
    client.close()
    await server.close()
  })
})

/** A program that ends when a server has answered so many gets. */
function untilAsked(port: number, gets: number): string {
  return `
    const socket = require('node:net').connect(${port}, '127.0.0.1', () => socket.write('stats\\r\\n'))
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
      if (!answer.endsWith('END\\r\\n')) return
      if (/cmd_get (\\d+)/.exec(answer)[1] >= ${gets}) socket.destroy()
      else socket.write('stats\\r\\n')
      answer = ''
    })`
}
