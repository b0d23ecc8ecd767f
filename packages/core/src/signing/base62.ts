const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Encodes an integer in base 62, as Django does for its timestamps: digits, then upper case, then lower case.
 *
 * @throws {RangeError} when the number is not a safe integer.
 */
export function toBase62(value: number): string {
  if (!Number.isSafeInteger(value))
    throw new RangeError('Only safe integers can be encoded in base 62')
  if (value < 0) return `-${toBase62(-value)}`

  let text = ''
  let rest = value
  do {
    text = ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  } while (rest > 0)
  return text
}

/** Decodes an integer from base 62; undefined if the text does not encode a safe integer. */
export function fromBase62(text: string): number | undefined {
  const negative = text.startsWith('-')
  const digits = negative ? text.slice(1) : text
  if (digits === '') return undefined

  let value = 0
  for (const character of digits) {
    const digit = ALPHABET.indexOf(character)
    value = value * 62 + digit
    if (digit < 0 || value > Number.MAX_SAFE_INTEGER) return undefined
  }
  // Not `-value`, which would turn 0 into -0.
  return negative ? 0 - value : value
}
