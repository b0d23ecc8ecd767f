import { InvalidSettingError, type Sessions } from '@sessions/core'
import { Carrier, type Exchange } from '@sessions/node/adapter'
import type { BaseContext, Context } from 'koa'
import { ServerResponse } from 'node:http'

/**
 * The key under which a context holds its innermost carrier. The same for two copies of this package in one process: the first one
 * that is asked defines `ctx.session`.
 */
const CARRIER: unique symbol = Symbol.for('@sessions/koa') as never

interface Carrying {
  [CARRIER]: Carrier<object> | undefined
}

/** What carries a manager's session through this request. */
export function carrierOf<D extends object>(
  ctx: BaseContext,
  manager: Sessions<D>,
): Carrier<D> | undefined {
  return (ctx as unknown as Carrying)[CARRIER]?.of(manager)
}

/** Carries a session through this request, and makes it `ctx.session`, unless another library has put one there. */
export function carry<D extends object>(ctx: Context, manager: Sessions<D>): Carrier<D> {
  if (!(CARRIER in ctx)) define(ctx.app.context)
  const carrying = ctx as unknown as Carrying
  const carrier = new Carrier(manager, isAnswered(ctx) ? ctx : handshakeOf(ctx))
  carrier.outer = carrying[CARRIER]
  carrying[CARRIER] = carrier as unknown as Carrier<object>
  return carrier
}

/** Whether the context has a response. koa-websocket makes those of handshakes without one. */
export function isAnswered(ctx: Context): boolean {
  return (ctx as Partial<Context>).res !== undefined
}

/** A handshake with a response that nobody sends. That it is one, the carrier sees by its request. */
function handshakeOf({ req, secure, host }: Context): Exchange {
  return { req, res: new ServerResponse(req), secure, host }
}

/**
 * On the prototype of an application's contexts, since requests that do not touch their session should not pay. A `session`
 * that another library has put there stays.
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
        'cannot be replaced: `ctx.session.flush()` ends it, `(await ctx.session.load()).clear()` empties it.',
      )
    },
  })
}
