import { InvalidSettingError, type Sessions } from '@sessions/core'
import type { Mounted } from './mounted.ts'
import { loosenShape } from './shape.ts'

/** Under what name a request has what its last mount keeps of it. Nobody else has that name. */
const MOUNTED = Symbol('@sessions/node')

interface Carrier {
  [MOUNTED]?: Mounted<object>
}

/** What a manager's mount keeps of a request that went through it. */
export function findMounted<D extends object>(
  req: object,
  manager: Sessions<D>,
): Mounted<D> | undefined {
  let mounted = (req as Carrier)[MOUNTED]
  while (mounted !== undefined && (mounted.manager as unknown) !== manager) mounted = mounted.outer
  return mounted
}

/** What the first mount keeps of a request, whosever it is. */
export function outermostMounted(req: object): Mounted<object> | undefined {
  let mounted = (req as Carrier)[MOUNTED]
  while (mounted?.outer !== undefined) mounted = mounted.outer
  return mounted
}

/** Notes a mount with its request, and puts `req.session` there, unless another library has one. */
export function putMounted<D extends object>(req: object, mounted: Mounted<D>): void {
  const last = mounted as unknown as Mounted<object>
  last.outer = (req as Carrier)[MOUNTED]
  loosenShape(req, 'upgrade')
  ;(req as Carrier)[MOUNTED] = last
  if (!('session' in req)) Object.defineProperty(req, 'session', SESSION)
}

/** One descriptor for all, so that requests keep one shape. */
const SESSION: PropertyDescriptor & ThisType<Carrier> = {
  configurable: true,
  enumerable: false,
  get() {
    return this[MOUNTED]?.open()
  },
  set() {
    throw new InvalidSettingError(
      'req.session',
      'cannot be replaced: `req.session.flush()` ends the session, `clear()` and `update(values)` change what it holds.',
    )
  },
}
