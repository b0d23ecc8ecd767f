/** A call that sends the first byte, or something after it. */
export interface ResponseCall {
  readonly method: 'write' | 'end' | 'flushHeaders'
  readonly args: readonly unknown[]
}

/** The call of one of Node's methods that led to a `_send` with these arguments, before the first byte. */
export function callBehind(args: readonly unknown[]): ResponseCall {
  const [data, encoding, callback] = args
  // Node's `end` passes a callback of this name. Nothing else distinguishes it from `write`.
  if (typeof callback === 'function' && callback.name === 'bound onFinish')
    return { method: 'end', args: data === '' ? [] : [data, encoding] }
  return args.length > 1 ? { method: 'write', args } : { method: 'flushHeaders', args: [] }
}

/** Gives the error to the callback of a call that will not be made. */
export function tellCallback({ args }: ResponseCall, error: unknown): void {
  const callback = args.find((arg) => typeof arg === 'function')
  if (callback !== undefined) process.nextTick(callback, error)
}
