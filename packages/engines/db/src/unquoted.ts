import { isError } from './is-error.ts'

/** The properties of drivers' errors that never contain a value of a session. */
const KEPT = [
  'code',
  'errno',
  'sqlState',
  'severity',
  'routine',
  'fatal',
  'errors',
  'syscall',
  'address',
  'port',
  'schema',
  'schema_name',
  'table',
  'table_name',
  'column',
  'column_name',
  'constraint',
  'constraint_name',
]

const HARMLESS: ReadonlySet<PropertyKey> = new Set([...KEPT, 'name', 'message', 'stack'])

/** A parameter of a statement. */
type Value = string | number | boolean | null

/** How many characters of a value are searched for: servers quote only the beginning of a long one. */
const BEGINNING = 24

/** A text of fewer characters may be a word of the message. */
const LONG = 12

/** Characters that all servers quote unchanged: no emoji, of which MySQL makes question marks, and nothing invisible. */
const UNCHANGED = /[^\p{C}\u{10000}-\u{10FFFF}]+/u

/**
 * Makes a driver's error safe to log. Drivers attach the statement and its values to errors, and servers quote rows. An
 * error with any of that is replaced by one without it, whose message ends before the first value that it quotes.
 *
 * @param values The statement's parameters.
 */
export function unquoted(error: unknown, values: readonly Value[]): unknown {
  if (!isError(error)) return error
  const message = upToQuotation(error.message, values)
  const isCut = message !== error.message
  if (!isCut && Reflect.ownKeys(error).every((name) => HARMLESS.has(name))) return error
  const bare = new Error(message)
  bare.name = error.name
  if (!isCut && error.stack !== undefined) bare.stack = error.stack
  if (error.cause !== undefined) bare.cause = unquoted(error.cause, values)
  for (const name of KEPT) {
    const value: unknown = Reflect.get(error, name)
    if (value !== undefined) Reflect.set(bare, name, value)
  }
  return bare
}

function upToQuotation(message: string, values: readonly Value[]): string {
  const starts = values
    .flatMap((value) => beginningsOf(value))
    .map((text) => quotationOf(text, message))
    .filter((start) => start >= 0)
  return starts.length === 0 ? message : `${message.slice(0, Math.min(...starts))}…`
}

/** The beginning of a value, and what every server leaves unchanged of it. */
function beginningsOf(value: Value): readonly string[] {
  const beginning = String(value ?? '').slice(0, BEGINNING)
  return [beginning, UNCHANGED.exec(beginning)?.[0] ?? '']
}

/** Where a message quotes a text, or -1. A short text counts only after punctuation. */
function quotationOf(text: string, message: string): number {
  const isQuotation = (start: number): boolean =>
    text.length >= LONG || /[^\w\s]$/.test(message.slice(0, start))
  let start = text === '' ? -1 : message.indexOf(text)
  while (start >= 0 && !isQuotation(start)) start = message.indexOf(text, start + 1)
  return start
}
