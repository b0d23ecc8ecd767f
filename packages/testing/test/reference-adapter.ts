import {
  applyCommitted,
  isSessionError,
  managerOf,
  survivesError,
  type Committed,
  type Sessions,
  type UnloadedSession,
} from '@sessions/core'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  listen,
  referenceApp,
  referenceServerOptions,
  type ServeReferenceApp,
} from '../src/reference-app.ts'
import { json, referenceReplies, type Reply } from './reference-replies.ts'

/** The steps of an adapter. */
export interface AdapterSteps {
  /** Opens the session of a request. */
  open(manager: Sessions, cookies: string | undefined): UnloadedSession
  /** The status that is passed to the commit. */
  statusOf(reply: Reply): number
  /** Applies the headers of a commit to the reply. */
  apply(committed: Committed, reply: Reply): void
  /** The reply to send after a failed commit. */
  replyTo(error: unknown, failed: Reply, commit: (reply: Reply) => Promise<void>): Promise<Reply>
}

/** The shortest correct adapter, without a framework: it commits each reply before it sends any of it. */
export const referenceSteps: AdapterSteps = {
  open: (manager, cookies) => manager.openFromCookies(cookies),
  statusOf: ({ status }) => status,
  apply: (committed, reply) => applyCommitted(committed, headersOf(reply)),
  replyTo: async (error, { headers }) => {
    const reply = replyToError(error)
    const kept = headers.filter(([name]) => survivesError(name.toLowerCase()))
    return { ...reply, headers: [...reply.headers, ...kept] }
  },
}

/** Serves the reference app over an adapter with these steps. */
export function serveWith(steps: AdapterSteps): ServeReferenceApp {
  return (options) => {
    const { settings, eager, pause } = referenceApp(options)
    const manager = managerOf(settings)
    const replyOf = referenceReplies({ pause })

    async function handle(session: UnloadedSession, req: IncomingMessage): Promise<Reply> {
      const { pathname: path, searchParams: query } = new URL(req.url ?? '/', 'http://localhost')
      const method = req.method === 'HEAD' ? 'GET' : req.method
      const [, first] = path.split('/')
      const route = first === 'status' ? `${method} /status` : `${method} ${path}`
      try {
        if (eager) await session.load()
        return await replyOf({ route, path, query, session })
      } catch (error) {
        return replyToError(error)
      }
    }

    async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const session = steps.open(manager, req.headers.cookie)
      const reply = await handle(session, req)
      const commit = async (by: Reply): Promise<void> => {
        // If the client has hung up, no session is stored; a logout still takes effect.
        const status = res.destroyed ? 599 : steps.statusOf(by)
        const request = { status, https: false, host: req.headers.host }
        steps.apply(await manager.commit(session, request), by)
      }
      try {
        await commit(reply)
        await send(reply, req, res)
      } catch (error) {
        const failed = await steps.replyTo(error, reply, commit)
        const response = { status: failed.status, https: false, host: req.headers.host }
        steps.apply(manager.owed(session, response), failed)
        await send(failed, req, res)
      }
    }

    const server = createServer(referenceServerOptions, (req, res) => void answer(req, res))
    return listen(server, options.port)
  }
}

/** The reply to an error. */
export function replyToError(error: unknown): Reply {
  if (!isSessionError(error) || error.status === undefined) return json({ error: 'INTERNAL' }, 500)
  return json({ error: error.code }, error.status)
}

async function send(reply: Reply, req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.statusCode = reply.status
  for (const [name, value] of reply.headers) res.appendHeader(name, value)
  const { body } = reply
  if (req.method === 'HEAD' || body === undefined) res.end()
  else if (typeof body === 'string') res.end(body)
  else {
    for await (const chunk of body) res.write(chunk)
    res.end()
  }
}

function headersOf(reply: Reply): Parameters<typeof applyCommitted>[1] {
  return {
    get: (name) =>
      reply.headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value),
    set(name, values) {
      const others = reply.headers.filter(([other]) => other.toLowerCase() !== name)
      reply.headers = [...others, ...values.map((value): [string, string] => [name, value])]
    },
  }
}
