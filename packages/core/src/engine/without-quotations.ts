/** How much of a text is looked for: stores quote only the beginning of a long one. */
const BEGINNING = 24
/** How many values of an error are looked at. One that has more, since it holds on to its client for example, is not trusted. */
const MOST_VALUES = 1000

/**
 * What a store failed with. Drivers hang commands and rows on their errors, and errors are logged: one that quotes what
 * must be in no log is replaced by another of the same name, message, code and stack, without the quotation and without
 * whatever hung on it.
 *
 * @param secrets What must not be quoted.
 */
export function withoutQuotations(cause: unknown, secrets: readonly string[]): unknown {
  const beginnings = secrets.map((secret) => secret.slice(0, BEGINNING)).filter(Boolean)
  return quotes(cause, beginnings) ? bareError(cause, beginnings) : cause
}

/** Whether one of the texts stands anywhere in a value, at any depth. */
function quotes(value: unknown, texts: readonly string[]): boolean {
  const values = new Set([value])
  // The set grows meanwhile.
  for (const each of values) {
    if (typeof each === 'string' && holds(each, texts)) return true
    if (typeof each !== 'object' || each === null) continue
    for (const name of Reflect.ownKeys(each)) {
      // What a getter would compute is nobody's to ask for.
      values.add(name).add(Reflect.getOwnPropertyDescriptor(each, name)?.value)
    }
    if (values.size > MOST_VALUES) return true
  }
  return false
}

function bareError(cause: unknown, texts: readonly string[]): Error {
  const { name, message, stack = '' } = cause instanceof Error ? cause : new Error(String(cause))
  const error = new Error(upTo(message, texts))
  error.name = name
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !holds(line, texts))
  error.stack = [`${name}: ${error.message}`, ...frames].join('\n')
  for (const [key, value] of Object.entries(Object(cause))) {
    if (typeof value !== 'object' && !quotes(value, texts)) Object.assign(error, { [key]: value })
  }
  return error
}

const holds = (text: string, texts: readonly string[]): boolean =>
  texts.some((each) => text.includes(each))

/** A message up to what it quotes. */
function upTo(message: string, texts: readonly string[]): string {
  const starts = texts.map((text) => message.indexOf(text)).filter((start) => start >= 0)
  return starts.length === 0 ? message : `${message.slice(0, Math.min(...starts))}…`
}
