import { InvalidSettingError, type Sessions } from '@sessions/core'
import type { Carrier } from './carrier.ts'
import { loosenShape } from './loosen-shape.ts'

/** The key under which a request holds its innermost carrier. */
const CARRIER = Symbol('@sessions/node')

interface Carried {
  [CARRIER]?: Carrier<object>
}

/** What carries a manager's session through this request. */
export function carrierOf<D extends object>(
  req: object,
  manager: Sessions<D>,
): Carrier<D> | undefined {
  return (req as Carried)[CARRIER]?.of(manager)
}

/** The carrier of the outermost mount. */
export function outermostCarrier(req: object): Carrier<object> | undefined {
  return (req as Carried)[CARRIER]?.outermost
}

/** Notes a carrier with its request, and puts `req.session` there, unless another library has one. */
export function attachCarrier<D extends object>(req: object, carrier: Carrier<D>): void {
  const innermost = carrier as unknown as Carrier<object>
  innermost.outer = (req as Carried)[CARRIER]
  loosenShape(req, 'upgrade')
  ;(req as Carried)[CARRIER] = innermost
  // Half the time of `Object.defineProperty`.
  if (!('session' in req)) Reflect.defineProperty(req, 'session', SESSION)
}

/** One descriptor for all, so that requests keep one shape. */
const SESSION: PropertyDescriptor & ThisType<Carried> = {
  configurable: true,
  enumerable: false,
  get() {
    return this[CARRIER]?.open()
  },
  set() {
    throw new InvalidSettingError(
      'req.session',
      'cannot be replaced: `req.session.flush()` ends the session, `clear()` and `update(values)` change what it holds.',
    )
  },
}
