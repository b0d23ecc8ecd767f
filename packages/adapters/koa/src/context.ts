import { InvalidSettingError, type Sessions } from '@sessions/core'
import { Carrier, innermostCarrier, type Exchange } from '@sessions/node/adapter'
import type { BaseContext, Context } from 'koa'
import { ServerResponse } from 'node:http'

/**
 * The key under which a context holds its innermost carrier. Two copies of this package in one process share it: the first
 * one to carry a session defines `ctx.session`.
 */
const CARRIER: unique symbol = Symbol.for('@sessions/koa') as never

interface Carrying {
  [CARRIER]: Carrier<object> | undefined
}

/** The carrier of this manager's session, if the request went through one of its mounts. */
export function carrierOf<D extends object>(
  ctx: BaseContext,
  manager: Sessions<D>,
): Carrier<D> | undefined {
  return (ctx as unknown as Carrying)[CARRIER]?.of(manager)
}

/**
 * The carrier of an enclosing mount of this manager: in this application, or around it, such as in an Express application
 * in which this one is mounted.
 */
export function enclosingCarrier<D extends object>(
  ctx: Context,
  manager: Sessions<D>,
): Carrier<D> | undefined {
  const carrier = carrierOf(ctx, manager)
  if (carrier !== undefined) return carrier
  const around = innermostCarrier(ctx.req)?.of(manager)
  if (around !== undefined) attach(ctx, around)
  return around
}

/** Attaches a new carrier to the context. */
export function carry<D extends object>(ctx: Context, manager: Sessions<D>): Carrier<D> {
  const carrier = new Carrier(manager, isAnswered(ctx) ? ctx : handshakeOf(ctx))
  carrier.outer = (ctx as unknown as Carrying)[CARRIER] ?? innermostCarrier(ctx.req)
  attach(ctx, carrier)
  return carrier
}

/** Makes this carrier the innermost, and defines `ctx.session`, unless another library has already set that. */
function attach<D extends object>(ctx: Context, carrier: Carrier<D>): void {
  if (!(CARRIER in ctx)) define(ctx.app.context)
  ;(ctx as unknown as Carrying)[CARRIER] = carrier as unknown as Carrier<object>
}

/** Whether the context has a response. koa-websocket's contexts of handshakes have none. */
export function isAnswered(ctx: Context): boolean {
  return (ctx as Partial<Context>).res !== undefined
}

/** A handshake, with a response that is never sent. The carrier recognizes the handshake by its request. */
function handshakeOf({ req, secure, host }: Context): Exchange {
  return { req, res: new ServerResponse(req), secure, host }
}

/**
 * Defines `session` on the prototype of the application's contexts, so that requests which do not touch their session pay
 * nothing. A `session` that another library has put there stays.
 */
function define(prototype: object): void {
  Object.defineProperty(prototype, CARRIER, { value: undefined, writable: true })
  if ('session' in prototype) return
  Object.defineProperty(prototype, 'session', {
    configurable: true,
    get(this: Carrying) {
      return this[CARRIER]?.open()
    },
    set() {
      throw new InvalidSettingError(
        'ctx.session',
        'cannot be assigned to. To end the session, call `ctx.session.flush()`; to empty it, call ' +
          '`(await ctx.session.load()).clear()`.',
      )
    },
  })
}
