import { InvalidSettingError, type Sessions } from '@sessions/core'
import type { BaseContext, Context } from 'koa'
import { Carrier, type Carriers } from './carrier.ts'

/**
 * Where a context keeps its sessions, one for each manager that is mounted on its way. The same for two copies of this
 * package in one process: the last one that is loaded defines `ctx.session`.
 */
const CARRIED: unique symbol = Symbol.for('@sessions/koa') as never

interface Carried {
  readonly carrier: Carrier<object>
  /** Those that are mounted further out. */
  readonly outer: Carried | undefined
}

interface Carrying {
  [CARRIED]: Carried | undefined
}

/** What carries the session that a manager has opened for this request. */
export function carrierOf<D extends object>(
  ctx: BaseContext,
  manager: Sessions<D>,
): Carrier<D> | undefined {
  let carried = (ctx as unknown as Carrying)[CARRIED]
  while (carried !== undefined && carried.carrier.manager !== (manager as unknown)) {
    carried = carried.outer
  }
  return carried?.carrier
}

/** Opens the session of this request, and makes it `ctx.session`. */
export function carry<D extends object>(ctx: Context, carriers: Carriers<D>): Carrier<D> {
  if (!(CARRIED in ctx)) define(ctx.app.context)
  const carrier = new Carrier(ctx, carriers)
  const carrying = ctx as unknown as Carrying
  carrying[CARRIED] = { carrier: carrier as unknown as Carrier<object>, outer: carrying[CARRIED] }
  return carrier
}

/** On the prototype of an application's contexts, since requests that do not touch their session should not pay. */
function define(prototype: object): void {
  Object.defineProperty(prototype, CARRIED, { value: undefined, writable: true })
  Object.defineProperty(prototype, 'session', {
    configurable: true,
    get(this: Carrying) {
      return this[CARRIED]?.carrier.session
    },
    set() {
      throw new InvalidSettingError(
        'ctx.session',
        'cannot be replaced: `ctx.session.flush()` ends it, `(await ctx.session.load()).clear()` empties it.',
      )
    },
  })
}
