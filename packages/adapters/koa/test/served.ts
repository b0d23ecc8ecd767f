import type { Settings } from '@sessions/core'
import { memoryEngine } from '@sessions/memory'
import Koa3, { type Context } from 'koa'
import Koa2 from 'koa2'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'

/** The versions of Koa with which every test is run. */
export const versions = [
  ['Koa 2', Koa2],
  ['Koa 3', Koa3],
] as const

/** Handles the requests of a server of Node. */
export type Listener = (req: IncomingMessage, res: ServerResponse) => unknown

/** An engine that is down. */
export const failing: Settings['engine'] = {
  ...memoryEngine(),
  load: () => Promise.reject(new Error('down')),
  create: () => Promise.reject(new Error('down')),
}

/** A well-formed cookie, so that the engine has to be asked for its session. */
export const LIVE_LOOKING = { headers: { cookie: `sessionid=${'a'.repeat(32)}` } }

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** Serves an app until the end of the test. */
export async function serve(app: Koa3): Promise<string> {
  return listen(app.callback())
}

async function listen(listener: Listener): Promise<string> {
  const server = createServer(listener)
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Serves an app and asks it once. */
export async function ask(app: Koa3, path = '/', init?: RequestInit): Promise<Response> {
  return fetch((await serve(app)) + path, { redirect: 'manual', ...init })
}

/** Serves a listener of Node and asks it once. */
export async function askServer(listener: Listener): Promise<Response> {
  return fetch(await listen(listener))
}

/** The errors that an app reports, which Koa would log. */
export function reported(app: Koa3): Error[] {
  const errors: Error[] = []
  app.on('error', (error: Error) => errors.push(error))
  return errors
}

/** Changes the session, so that the response gets a cookie. */
export async function touch(ctx: Context): Promise<void> {
  const session = await ctx['session'].load()
  session.set('touched', true)
}

/** The session cookie that a response sets. */
export function cookieOf(response: Response): string | undefined {
  return response.headers.getSetCookie().find((line) => line.startsWith('sessionid='))
}
