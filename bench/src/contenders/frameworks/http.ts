import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Actions } from '../actions.ts'
import { REDIRECT_TARGET, routesOf, type Answer } from '../routes.ts'
import { listening } from './listening.ts'

/** Serves the actions on plain `node:http`; resolves to the port. The context is the response, whose `req` is the request. */
export async function serveHttp(
  actions?: Actions<ServerResponse>,
  mount?: (req: IncomingMessage, res: ServerResponse) => void,
): Promise<number> {
  const routes = routesOf(actions)
  const server = createServer((req, res) => {
    mount?.(req, res)
    const url = req.url ?? '/'
    const mark = url.indexOf('?')
    const path = mark < 0 ? url : url.slice(0, mark)
    const query = mark < 0 ? {} : Object.fromEntries(new URLSearchParams(url.slice(mark)))
    const answer = routes[path]?.(res, query) ?? { error: 'There is no such route.' }
    if (!(answer instanceof Promise)) send(res, answer)
    else {
      answer.then(
        (settled) => (path === '/redirect' ? redirect(res) : send(res, settled)),
        (error) => {
          res.statusCode = 500
          send(res, { error: String(error) })
        },
      )
    }
  })
  return listening(server.listen(0, '127.0.0.1'))
}

function send(res: ServerResponse, answer: Answer): void {
  const body = JSON.stringify(answer)
  res.setHeader('Content-Type', 'application/json')
  res.setHeader('Content-Length', body.length)
  res.end(body)
}

function redirect(res: ServerResponse): void {
  res.writeHead(303, { Location: REDIRECT_TARGET }).end()
}
