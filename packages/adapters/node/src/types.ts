import type { DefaultData, Session, UnloadedSession } from '@sessions/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request of `node:http`, or of the compatibility API of `node:http2`. */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/** A response of `node:http`, or of the compatibility API of `node:http2`. */
export type NodeResponse = ServerResponse | Http2ServerResponse

/** Goes on with a request, or hands its error on. */
export type Next = (error?: unknown) => void

/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether the session is loaded before the next handler runs, wherever a well-formed cookie came. On its own this sets no
   * header, but costs each of these requests a call to the store. Without `next` there is nothing to wait with:
   * `await mount.load(req)` does the same.
   *
   * @default false
   */
  readonly eager?: boolean | undefined

  /**
   * Whether the client came over https. Behind a proxy that ends TLS, look at its header here, if clients cannot forge it.
   * With `cookie.secure: 'auto'` cookies are Secure without that, too.
   *
   * @default whether the connection itself is encrypted
   * @example
   * sessions(settings, { https: (req) => req.headers['x-forwarded-proto'] === 'https' })
   */
  readonly https?: ((req: IncomingMessage) => boolean) | undefined
}

/** A request that went through a mount: what handlers can name as the type of theirs. */
export interface SessionRequest<
  D extends object = DefaultData,
  S extends UnloadedSession<D> = UnloadedSession<D>,
> extends IncomingMessage {
  /** The session of the request. The first look at it opens it; data is read by its `load()`. */
  readonly session: S
}

/** What `sessions(…)` returns: a middleware, and ways to the session that need no types of the application. */
export interface SessionsMiddleware<D extends object = DefaultData> {
  /**
   * Gives a request its session, `req.session`, and commits it before the first byte of the response.
   *
   * @param next Goes on with the request. Called with the error if the session could not be loaded (`eager`), and once
   *   more, with the error, if it could not be committed and nothing of the response has been sent. Without it, the
   *   response is then answered as `answerError` does.
   */
  (req: NodeRequest, res: NodeResponse, next?: Next): void

  /**
   * The loaded session of a request, typed by the manager.
   *
   * @throws {SessionEngineError} when the store fails.
   * @throws {InvalidSettingError} when the request did not go through this mount.
   */
  load(req: NodeRequest): Promise<Session<D>>

  /**
   * The session of an upgrade request, a WebSocket handshake for example, which has no response to commit to: it is read by
   * its `load()`, and what changes is stored by its `save()`. A session that is new can be used, but not saved: its key
   * could not reach the client.
   *
   * @example
   * server.on('upgrade', async (req, socket, head) => {
   *   const session = await mount.openUpgrade(req).load()
   *   if (session.get('userId') === undefined) socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
   *   else webSockets.handleUpgrade(req, socket, head, accept)
   * })
   */
  openUpgrade(req: NodeRequest): UnloadedSession<D>
}
