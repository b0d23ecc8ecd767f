import type { DefaultData, Session, UnloadedSession } from '@sessions/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request of `node:http`, or of the compatibility API of `node:http2`. */
export type NodeRequest = IncomingMessage | Http2ServerRequest

/** A response of `node:http`, or of the compatibility API of `node:http2`. */
export type NodeResponse = ServerResponse | Http2ServerResponse

/** Continues with the next handler, or passes on an error. */
export type Next = (error?: unknown) => void

/** How sessions are mounted. */
export interface SessionsOptions {
  /**
   * Whether to load the session before calling `next`, for every request with a well-formed cookie. This alone sets no
   * header, but costs each of these requests a call to the store. Without `next` it does nothing: use
   * `await mount.load(req)`.
   *
   * @default false
   */
  readonly eager?: boolean | undefined

  /**
   * Whether the client came over https. Behind a proxy that terminates TLS, check its header here, provided that clients
   * cannot forge it. With `cookie.secure: 'auto'`, cookies are Secure even without this option, except on localhost.
   *
   * @default whether the connection itself is encrypted
   * @example
   * sessions(settings, { https: (req) => req.headers['x-forwarded-proto'] === 'https' })
   */
  readonly https?: ((req: IncomingMessage) => boolean) | undefined
}

/** A request that went through a mount: the type for the request parameter of handlers. */
export interface SessionRequest<
  D extends object = DefaultData,
  S extends UnloadedSession<D> = UnloadedSession<D>,
> extends IncomingMessage {
  /** The session of the request. The first access opens it; its `load()` reads the data. */
  readonly session: S
}

/** What `sessions(…)` returns: a middleware, and typed access to the session of any request. */
export interface SessionsMiddleware<D extends object = DefaultData> {
  /**
   * Gives a request its session, `req.session`, and commits it before the first byte of the response.
   *
   * @param next Continues with the next handler. Called with the error if the session could not be loaded (`eager`), and a
   *   second time, with the error, if it could not be committed and the response is still whole. Without `next`, the
   *   error is answered as by `answerError`.
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
   * The session of an upgrade request, such as a WebSocket handshake, which has no response that could commit it: `load()`
   * reads it, and `save()` stores its changes. A new session can be used but not saved, since its key could not reach the
   * client.
   *
   * @example
   * server.on('upgrade', async (req, socket, head) => {
   *   try {
   *     const session = await mount.openUpgrade(req).load()
   *     if (!session.has('_auth_user_id')) socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
   *     else webSockets.handleUpgrade(req, socket, head, accept)
   *   } catch {
   *     socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
   *   }
   * })
   */
  openUpgrade(req: NodeRequest): UnloadedSession<D>
}
