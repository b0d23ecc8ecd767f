import { InvalidSettingError, type Sessions } from '@sessions/core'
import { Carrier, type Exchange } from '@sessions/node/adapter'
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

/** Attaches a new carrier to the context and defines `ctx.session`, unless another library has already set that. */
export function carry<D extends object>(ctx: Context, manager: Sessions<D>): Carrier<D> {
  if (!(CARRIER in ctx)) define(ctx.app.context)
  const carrying = ctx as unknown as Carrying
  const carrier = new Carrier(manager, isAnswered(ctx) ? ctx : handshakeOf(ctx))
  carrier.outer = carrying[CARRIER]
  carrying[CARRIER] = carrier as unknown as Carrier<object>
  return carrier
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
