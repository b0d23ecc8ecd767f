const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Writes an integer in base 62, digits before capitals before small letters, as Django writes its timestamps.
 *
 * @throws {RangeError} when the number is no safe integer
 */
export function toBase62(value: number): string {
  if (!Number.isSafeInteger(value))
    throw new RangeError('Only safe integers are written in base 62')
  if (value < 0) return `-${toBase62(-value)}`

  let text = ''
  let rest = value
  do {
    text = ALPHABET.charAt(rest % 62) + text
    rest = Math.floor(rest / 62)
  } while (rest > 0)
  return text
}

/** The integer that a text in base 62 stands for, or undefined where it stands for no safe integer. */
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
  // Without the sum there would be two zeros.
  return negative ? 0 - value : value
}
