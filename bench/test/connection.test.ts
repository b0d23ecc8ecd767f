import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createConnection } from '../src/http/connection.ts'

async function connectionTo(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connection = createConnection((server.address() as AddressInfo).port)
  onTestFinished(() => {
    connection.close()
    server.close()
  })
  await connection.open()
  return connection
}

const times = (count: number) => {
  let left = count
  return () => (left -= 1) > 0
}

test('a connection sends back the cookies that it received, the latest of each name', async () => {
  const sent: (string | undefined)[] = []
  const connection = await connectionTo((req, res) => {
    sent.push(req.headers.cookie)
    res.setHeader('Set-Cookie', [`a=${sent.length}; Path=/`, 'b=x=y; HttpOnly'])
    res.end('body')
  })
  await connection.run({ path: '/', withCookie: true }, times(3))
  expect(sent).toEqual([undefined, 'a=1; b=x=y', 'a=2; b=x=y'])
})

test('a connection without cookies ignores those of responses', async () => {
  const sent: (string | undefined)[] = []
  const connection = await connectionTo((req, res) => {
    sent.push(req.headers.cookie)
    res.setHeader('Set-Cookie', 'a=1')
    res.end()
  })
  await connection.run({ path: '/', withCookie: false }, times(2))
  expect(sent).toEqual([undefined, undefined])
})

test('a connection waits for the end of a chunked response', async () => {
  let answered = 0
  const connection = await connectionTo((_req, res) => {
    res.write('first')
    setImmediate(() => {
      answered += 1
      res.end('last')
    })
  })
  await connection.run({ path: '/', withCookie: false }, times(3))
  expect(answered).toBe(3)
})

test('a connection rejects on an error status', async () => {
  const connection = await connectionTo((_req, res) => {
    res.statusCode = 500
    res.end('broken')
  })
  const running = connection.run({ path: '/', withCookie: false }, times(3))
  await expect(running).rejects.toThrow('500 Internal Server Error')
})
