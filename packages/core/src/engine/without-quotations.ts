/** How many characters of a secret are searched for: stores quote only the beginning of a long text. */
const BEGINNING = 24
/** Visible characters but emoji, of which MySQL makes question marks; enough of them not to be a word of the message. */
const UNCHANGED = /[^\p{C}\u{10000}-\u{10FFFF}]{12,}/u
/** How many values of an error are searched. An error with more, for example one that refers to its client, is not trusted. */
const MOST_VALUES = 1000

/**
 * Removes secrets from a store's error. Drivers attach commands and rows to their errors, and errors are logged. An error
 * that quotes a secret is replaced by a new one with the same name, message, code and stack, without the quotation and the
 * attached objects.
 *
 * @param secrets The texts that must not be quoted.
 */
export function withoutQuotations(cause: unknown, secrets: readonly string[]): unknown {
  const beginnings = secrets.filter(Boolean).flatMap(quotationsOf)
  return quotes(cause, beginnings) ? bareError(cause, beginnings) : cause
}

/**
 * How quotations of a text may begin: as it is, or from the first characters that every store prints unchanged; in both cases
 * also with its quotation marks escaped, as in JSON and in SQL.
 */
function quotationsOf(secret: string): string[] {
  const beginning = secret.slice(0, BEGINNING)
  const [unchanged = beginning] = UNCHANGED.exec(beginning) ?? []
  return [beginning, unchanged].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)])
}

/** Whether a value contains one of the texts, at any depth. */
function quotes(root: unknown, texts: readonly string[]): boolean {
  const values = new Set([root])
  // The loop also visits the values that it adds to the set.
  for (const value of values) {
    if (typeof value === 'string' && holds(value, texts)) return true
    if (typeof value !== 'object' || value === null) continue
    // Listing a million elements would block the event loop, and bytes may be a quotation.
    if (ArrayBuffer.isView(value) || (Array.isArray(value) && value.length > MOST_VALUES))
      return true
    for (const name of Reflect.ownKeys(value)) {
      // Not through getters, which could have side effects.
      values.add(name).add(Reflect.getOwnPropertyDescriptor(value, name)?.value)
      if (values.size > MOST_VALUES) return true
    }
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
  texts.some((secret) => text.includes(secret))

/** Cuts off a message before the first text that it quotes. */
function upTo(message: string, texts: readonly string[]): string {
  const starts = texts.map((text) => message.indexOf(text)).filter((start) => start >= 0)
  return starts.length === 0 ? message : `${message.slice(0, Math.min(...starts))}…`
}
