import { SessionSerializationError } from './errors.ts'

/**
 * Converts a value to JSON text.
 *
 * @param remedy What to do instead, for the error's message.
 * @throws {SessionSerializationError} when JSON would change the value silently, or cannot represent it.
 */
export function toJson(value: unknown, remedy: string): string {
  try {
    const fault = findFault(value, [])
    if (fault === undefined) return JSON.stringify(value)
    throw new SessionSerializationError(
      `${fault.path === '' ? 'the value' : fault.path} is ${fault.what}. ${remedy}`,
    )
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new SessionSerializationError('it is nested too deeply for JSON.', { cause })
  }
}

interface Fault {
  readonly path: string
  readonly what: string
}

/**
 * Finds the first nested value that JSON cannot represent. The path is only built on the way back up, so a value without a
 * fault costs no path.
 */
function findFault(value: unknown, ancestors: object[]): Fault | undefined {
  if (isSound(value)) return undefined
  if (typeof value === 'object' && value !== null) return findFaultInside(value, ancestors)
  return { path: '', what: typeof value === 'number' ? String(value) : describe(value) }
}

/** Whether a value is a primitive that JSON represents exactly. */
function isSound(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    default:
      return value === null
  }
}

function findFaultInside(value: object, ancestors: object[]): Fault | undefined {
  if (ancestors.includes(value))
    return { path: '', what: 'a reference to an object that contains it' }
  const array = Array.isArray(value)
  if (!array && !isPlain(value)) return { path: '', what: describe(value) }
  ancestors.push(value)
  const fault = array ? faultInArray(value, ancestors) : faultInObject(value, ancestors)
  ancestors.pop()
  return fault
}

function faultInArray(values: readonly unknown[], ancestors: object[]): Fault | undefined {
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    // A shortcut for most values, which saves a call each.
    if (isSound(value)) continue
    const fault = findFault(value, ancestors)
    if (fault !== undefined) return { path: join(`[${index}]`, fault.path), what: fault.what }
  }
  return undefined
}

function faultInObject(object: object, ancestors: object[]): Fault | undefined {
  // Takes a third of the time of `Object.keys`. It also visits inherited keys, which JSON leaves out: see `hasOwn`.
  for (const key in object) {
    const value: unknown = object[key as keyof typeof object]
    if (value === undefined || isSound(value)) continue
    const fault = findFault(value, ancestors)
    if (fault !== undefined && Object.hasOwn(object, key))
      return { path: join(segment(key), fault.path), what: fault.what }
  }
  return undefined
}

/**
 * Whether an object is a plain one. An object of another realm, such as a test runner's, counts too: its prototype is the
 * end of its chain.
 */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    prototype === null ||
    prototype === Object.prototype ||
    Object.getPrototypeOf(prototype) === null
  )
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value === 'bigint') return 'a BigInt'
  if (typeof value !== 'object') return `a ${typeof value}`
  const name: unknown = value?.constructor?.name
  return typeof name === 'string' && name !== ''
    ? `an instance of ${name}`
    : 'an instance of a class'
}

/** A key in an error's path. Keys may be data, such as an address or a token: one that does not look like a name is hidden. */
function segment(key: string): string {
  if (!/^[\p{L}\p{N}_$ -]{1,24}$/u.test(key)) return '["…"]'
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : `["${key}"]`
}

function join(head: string, rest: string): string {
  return rest === '' || rest.startsWith('[') ? head + rest : `${head}.${rest}`
}
