import type { SessionEngine } from '@sessions/core'
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Agent, request } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { AdapterSubject } from './subject.ts'
import type { OpenedEngine } from '../engine/subject.ts'
import { fakeClock } from '../fake-clock.ts'
import type { ReferenceServer } from '../reference-app/options.ts'
import { seededRandom } from '../seeded-random.ts'

/** An adapter to be tested under load, over an engine. */
interface StormSubject {
  readonly open: NonNullable<AdapterSubject['open']>
  readonly serve: AdapterSubject['serve']
}

/**
 * Registers a load test with vitest: ten thousand requests of all kinds over 64 connections, of which the client abandons
 * a tenth at some point. The rest must all be answered, no request may store its session twice, no increment may be lost
 * and no response may stay in memory. For servers of `node:http` in this process. Takes some seconds, so call it in a
 * test file of its own.
 *
 * @param name The adapter's name in the test report.
 * @param subject As for `describeAdapter`.
 */
export function describeStorm(name: string, subject: StormSubject): void {
  it(
    `${name}: under ten thousand requests, no session is stored twice, no increment lost, no response leaked`,
    { timeout: 600_000 },
    async () => {
      const total = 10_000

      const { statuses, aborted, mostWrites, leaked, counter } = await storm(total, subject)

      const answered = [...statuses.values()].reduce((sum, count) => sum + count, 0)
      expect(answered + aborted, 'answered and abandoned requests').toBe(total)
      expect(aborted, 'abandoned requests').toBeGreaterThan(100)
      // The 500 is the answer to `/throw`.
      expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 204, 303, 304, 404, 500])
      expect(mostWrites, 'most writes of one request').toBe(1)
      expect(counter.stored, 'stored increments').toBeGreaterThanOrEqual(counter.acknowledged)
      expect(counter.stored, 'stored increments').toBeLessThanOrEqual(counter.sent)
      expect(leaked, 'responses still in memory').toBe(0)
    },
  )
}

/** What the clients saw. */
interface Sent {
  /** How often each status code was answered. */
  readonly statuses: ReadonlyMap<number, number>
  readonly aborted: number
  /** Increments of all visitors together. An abandoned one may be stored or not. */
  readonly counter: {
    readonly acknowledged: number
    readonly sent: number
    readonly stored: number
  }
}

/** The results of the load test. */
interface Storm extends Sent {
  /** The largest number of session writes that one request caused. */
  readonly mostWrites: number
  /** Responses still in memory at the end, after garbage collection. */
  readonly leaked: number
}

const connections = 64
const visitors = 16

const paths = [
  'GET /untouched',
  'GET /read',
  'GET /count',
  'POST /increment?key=n',
  'POST /set?key=k&value=v',
  'POST /nested?item=x',
  'GET /redirect',
  'GET /stream',
  'GET /sse',
  'GET /status/204?key=k',
  'GET /status/304?key=k',
  'HEAD /count',
  'GET /throw?key=k',
  'GET /no-such-path',
]

async function storm(total: number, { open, serve }: StormSubject): Promise<Storm> {
  const watch = watchRequests()
  const clock = fakeClock()
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let opened: Pick<OpenedEngine, 'engine' | 'close'> | undefined
  let server: ReferenceServer | undefined
  let sent: Sent
  try {
    opened = await open({ clock })
    server = await serve({
      engine: slowEngine(opened.engine, watch.onWrite),
      settings: { clock },
      pause: () => Promise.resolve(),
    })
    sent = await sendAll(total, server.url, agent)
  } finally {
    agent.destroy()
    await server?.close()
    await opened?.close?.()
    watch.stop()
  }
  const leaked = await leakedAfterCollection(watch.responses)
  return { ...sent, mostWrites: watch.mostWrites(), leaked }
}

async function sendAll(total: number, url: string, agent: Agent): Promise<Sent> {
  const bytes = seededRandom(42)
  const below = (limit: number): number => {
    const [high = 0, low = 0] = bytes(2)
    return (high * 256 + low) % limit
  }
  const statuses = new Map<number, number>()
  let aborted = 0
  const counter = { acknowledged: 0, sent: 0, stored: 0 }

  const send = (line: string, cookie?: string, hangUp = -1): Promise<Answer | undefined> =>
    ask(url, agent, { line, cookie, hangUp })

  const cookies: string[] = []
  while (cookies.length < visitors) cookies.push((await send('GET /count'))?.cookie ?? '')

  let left = total
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      const line = paths[below(paths.length)] ?? ''
      const cookie = below(8) === 0 ? undefined : cookies[below(visitors)]
      const hangUp = below(10) === 0 ? below(8) : -1
      const answer = await send(line, cookie, hangUp)
      const counts = line.includes('/increment') && cookie !== undefined
      if (counts) counter.sent++
      if (answer === undefined) aborted++
      else {
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        if (counts) counter.acknowledged++
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  for (const cookie of cookies) {
    counter.stored += Number(
      /"n":(\d+)/.exec((await send('GET /all', cookie))?.body ?? '')?.[1] ?? 0,
    )
  }
  return { statuses, aborted, counter }
}

/** Observes the requests to all servers of this process. */
interface RequestWatch {
  readonly responses: readonly WeakRef<object>[]
  /** Counts a write for the current request, by its async context. */
  onWrite(): void
  /** The largest number of writes of one request. */
  mostWrites(): number
  stop(): void
}

function watchRequests(): RequestWatch {
  const requests = new AsyncLocalStorage<{ writes: number }>()
  const responses: WeakRef<object>[] = []
  const written: { writes: number }[] = []
  const started = (message: unknown): void => {
    responses.push(new WeakRef((message as { readonly response: object }).response))
    const current = { writes: 0 }
    written.push(current)
    requests.enterWith(current)
  }
  subscribe('http.server.request.start', started)
  return {
    responses,
    onWrite() {
      const current = requests.getStore()
      if (current !== undefined) current.writes++
    },
    mostWrites: () => Math.max(...written.map(({ writes }) => writes)),
    stop: () => void unsubscribe('http.server.request.start', started),
  }
}

interface Answer {
  readonly status: number
  readonly cookie: string | undefined
  readonly body: string
}

/**
 * Sends a request, and hangs up after `hangUp` turns of the event loop; if negative, never. Resolves undefined if the
 * connection was closed before the response was complete.
 */
function ask(
  url: string,
  agent: Agent,
  { line, cookie, hangUp }: { line: string; cookie: string | undefined; hangUp: number },
): Promise<Answer | undefined> {
  const [method, path] = line.split(' ')
  return new Promise((resolve) => {
    const headers = cookie === undefined ? {} : { cookie }
    const outgoing = request(url + path, { method, headers, agent })
    outgoing.on('error', () => resolve(undefined))
    outgoing.on('response', (message) => {
      let body = ''
      message.setEncoding('utf8')
      message.on('data', (chunk: string) => {
        body += chunk
      })
      message.on('error', () => resolve(undefined))
      message.on('end', () => {
        const [setCookie] = message.headers['set-cookie'] ?? []
        resolve({ status: message.statusCode ?? 0, cookie: setCookie?.split(';')[0], body })
      })
    })
    outgoing.end()
    const hang = (turns: number): void => {
      if (turns > 0) setImmediate(() => hang(turns - 1))
      else outgoing.destroy()
    }
    if (hangUp >= 0) hang(hangUp)
  })
}

/** Delays each call by some turns of the event loop, as a real store would. */
function slowEngine(engine: SessionEngine, onWrite: () => void): SessionEngine {
  const write = async <T extends { readonly status: string }>(
    call: () => T | Promise<T>,
  ): Promise<T> => {
    await turns()
    const answer = await call()
    if (answer.status === 'saved') onWrite()
    return answer
  }
  return {
    name: 'slow',
    load: (id) => turns().then(() => engine.load(id)),
    exists: (id) => turns().then(() => engine.exists(id)),
    create: (id, record) => write(() => engine.create(id, record)),
    save: (id, record, version) => write(() => engine.save(id, record, version)),
    touch: (id, record, version) => write(() => engine.touch(id, record, version)),
    delete: (id, version) => turns().then(() => engine.delete(id, version)),
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

async function leakedAfterCollection(references: readonly WeakRef<object>[]): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let left = references
  // Handlers of abandoned requests may still be running: they get some more rounds to end.
  for (let rounds = 0; rounds < 20 && left.length > 0; rounds++) {
    await turns()
    collect()
    left = left.filter((reference) => reference.deref() !== undefined)
  }
  return left.length
}
