import { SessionSerializationError } from '../errors.ts'

/** Turns a session's data into text and back. */
export interface Serializer {
  /** The text of a value. Throws where the value cannot be brought back. */
  dumps(value: unknown): string
  /** The value of a text. Throws where the text is not one that `dumps` wrote. */
  loads(text: string): unknown
}

/**
 * Plain JSON, the default. Values that JSON would change without a word (a Date, a Map, NaN, `undefined` in an array, an
 * instance of a class, …) are refused with their path as `SessionSerializationError`. A property that is `undefined` is
 * left out, and -0 becomes 0, as in JSON.
 */
export const jsonSerializer: Serializer = Object.freeze({
  dumps(value: unknown): string {
    try {
      const fault = findFault(value, [])
      if (fault === undefined) return JSON.stringify(value)
      throw new SessionSerializationError(
        `${fault.path === '' ? 'the value' : fault.path} is ${fault.what}. ` +
          'Store a value that JSON can carry, or set a richer `serializer`.',
      )
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause
      throw new SessionSerializationError('it is nested too deeply for JSON.', { cause })
    }
  },
  loads(text: string): unknown {
    return JSON.parse(text)
  },
})

interface Fault {
  readonly path: string
  readonly what: string
}

/** The first value inside that JSON cannot carry. Its path is put together on the way back, so a sound value costs none. */
function findFault(value: unknown, ancestors: object[]): Fault | undefined {
  if (isSound(value)) return undefined
  if (typeof value === 'object' && value !== null) return findFaultInside(value, ancestors)
  return { path: '', what: typeof value === 'number' ? String(value) : describe(value) }
}

/** Whether JSON can carry it as it is, without looking inside. */
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
    // Most values are: a call less for each of them.
    if (isSound(value)) continue
    const fault = findFault(value, ancestors)
    if (fault !== undefined) return { path: join(`[${index}]`, fault.path), what: fault.what }
  }
  return undefined
}

function faultInObject(object: object, ancestors: object[]): Fault | undefined {
  // A third of the time of `Object.keys`. What is inherited is looked at too, and JSON leaves it out.
  for (const key in object) {
    const value: unknown = object[key as keyof typeof object]
    if (value === undefined || isSound(value)) continue
    const fault = findFault(value, ancestors)
    if (fault !== undefined && Object.hasOwn(object, key))
      return { path: join(segment(key), fault.path), what: fault.what }
  }
  return undefined
}

/** Objects of another realm (a test runner's, say) are plain as well: their prototype is the last one of its chain. */
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

/** A key may be data: an address, or a token. What does not look like a name is not quoted in an error. */
function segment(key: string): string {
  if (!/^[\p{L}\p{N}_$ -]{1,24}$/u.test(key)) return '["…"]'
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : `["${key}"]`
}

function join(head: string, rest: string): string {
  return rest === '' || rest.startsWith('[') ? head + rest : `${head}.${rest}`
}
