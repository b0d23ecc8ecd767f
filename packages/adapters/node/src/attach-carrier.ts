import { InvalidSettingError, type Sessions } from '@sessions/core'
import type { Carrier } from './carrier.ts'
import { loosenShape } from './loosen-shape.ts'

/**
 * The key under which a request holds its innermost carrier. Copies of this package share it: an application may load one by
 * `import` and one by `require`.
 */
const CARRIER: unique symbol = Symbol.for('@sessions/node') as never

interface Carried {
  [CARRIER]?: Carrier<object>
}

/** The carrier of this manager's session, if the request went through one of its mounts. */
export function carrierOf<D extends object>(
  req: object,
  manager: Sessions<D>,
): Carrier<D> | undefined {
  return innermostCarrier(req)?.of(manager)
}

/** The carrier of the innermost mount. */
export function innermostCarrier(req: object): Carrier<object> | undefined {
  return (req as Carried)[CARRIER]
}

/** The carrier of the outermost mount. */
export function outermostCarrier(req: object): Carrier<object> | undefined {
  return innermostCarrier(req)?.outermost
}

/** Attaches a carrier to its request and defines `req.session`, unless another library has already set that. */
export function attachCarrier<D extends object>(req: object, carrier: Carrier<D>): void {
  const innermost = carrier as unknown as Carrier<object>
  innermost.outer = innermostCarrier(req)
  loosenShape(req, 'upgrade')
  ;(req as Carried)[CARRIER] = innermost
  // Takes half the time of `Object.defineProperty`.
  if (!('session' in req)) Reflect.defineProperty(req, 'session', SESSION)
}

/** Shared by all requests, so that V8 keeps them in one shape. */
const SESSION: PropertyDescriptor & ThisType<Carried> = {
  configurable: true,
  enumerable: false,
  get() {
    return this[CARRIER]?.open()
  },
  set() {
    throw new InvalidSettingError(
      'req.session',
      'cannot be assigned to. To end the session, call `req.session.flush()`; to change its data, call `clear()` or `update(values)`.',
    )
  },
}
