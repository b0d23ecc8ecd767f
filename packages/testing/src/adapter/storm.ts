import type { SessionEngine } from '@sessions/core'
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Agent, request } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { AdapterSubject } from './subject.ts'
import { fakeClock } from '../fake-clock.ts'
import { seededRandom } from '../seeded-random.ts'

/** An adapter that the storm is to try, over an engine. */
interface StormSubject {
  readonly open: NonNullable<AdapterSubject['open']>
  readonly serve: AdapterSubject['serve']
}

/**
 * Sends ten thousand requests of all kinds over 64 connections, a tenth of which hang up somewhere on the way, with vitest:
 * every answer comes, no session is stored twice, no increment is lost and nothing stays in memory. Takes some seconds. For
 * servers of `node:http` in this process; to be called at the top of a test file.
 *
 * @param name What the test is filed under.
 * @param subject As for `describeAdapter`.
 */
export function describeStorm(name: string, subject: StormSubject): void {
  it(
    `${name}: ten thousand requests of all kinds over 64 connections, some of which hang up`,
    { timeout: 120_000 },
    async () => {
      const total = 10_000

      const { statuses, aborted, mostWrites, kept, counter } = await storm(total, subject)

      const answered = [...statuses.values()].reduce((sum, count) => sum + count, 0)
      expect(answered + aborted).toBe(total)
      expect(aborted).toBeGreaterThan(100)
      // 500 is what `/throw` answers.
      expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 204, 303, 304, 404, 500])
      expect(mostWrites).toBe(1)
      expect(counter.is).toBeGreaterThanOrEqual(counter.least)
      expect(counter.is).toBeLessThanOrEqual(counter.most)
      expect(kept).toBeLessThan(100)
    },
  )
}

/** What a storm of requests has shown. */
interface Storm {
  /** The status codes of whole answers, each with its number. */
  readonly statuses: ReadonlyMap<number, number>
  readonly aborted: number
  /** The most writes of sessions that one request has caused. */
  readonly mostWrites: number
  /** Responses that are still in memory when all is over and collected. */
  readonly kept: number
  /** The most and the least that the counter of all visitors can have come to, and what it has. */
  readonly counter: { readonly least: number; readonly most: number; readonly is: number }
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
  const bytes = seededRandom(42)
  const below = (limit: number): number => {
    const [high = 0, low = 0] = bytes(2)
    return (high * 256 + low) % limit
  }
  const watched = watchRequests()
  const clock = fakeClock()
  const opened = await open({ clock })
  const { url, close } = await serve({
    engine: slowEngine(opened.engine, watched.onWrite),
    settings: { clock },
    pause: () => Promise.resolve(),
  })
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const statuses = new Map<number, number>()
  let aborted = 0
  const counter = { least: 0, most: 0, is: 0 }

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
      if (counts) counter.most++
      if (answer === undefined) aborted++
      else {
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        if (counts) counter.least++
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  for (const cookie of cookies) {
    counter.is += Number(/"n":(\d+)/.exec((await send('GET /all', cookie))?.body ?? '')?.[1] ?? 0)
  }
  agent.destroy()
  await close()
  await opened.close?.()
  watched.stop()
  return {
    statuses,
    aborted,
    mostWrites: watched.mostWrites(),
    kept: await keptAfterCollection(watched.responses),
    counter,
  }
}

/** What is seen of the requests to all servers of this process. */
interface Watched {
  readonly responses: readonly WeakRef<object>[]
  /** Counts a write for the request in whose name it is done. */
  onWrite(): void
  /** The most writes in the name of one request. */
  mostWrites(): number
  stop(): void
}

function watchRequests(): Watched {
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

/** Sends a request. Where it hangs up, after so many turns of the event loop, or ends before that: nothing. */
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

/** Every call takes some turns of the event loop, as a store's calls do. */
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

async function keptAfterCollection(references: readonly WeakRef<object>[]): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let rounds = 0; rounds < 3; rounds++) {
    await turns()
    collect()
  }
  return references.filter((reference) => reference.deref() !== undefined).length
}
