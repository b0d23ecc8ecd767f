/** The text of a value, for comparisons. Undefined if the value is undefined or cannot be stored: the save will then throw. */
export function textOf<T>(value: T, dumps: (value: T) => string): string | undefined {
  if (value === undefined) return undefined
  try {
    return dumps(value)
  } catch {
    return undefined
  }
}

/** Whether two values serialise to the same text. */
export function sameValue(a: unknown, b: unknown, dumps: (value: unknown) => string): boolean {
  return a === b || textOf(a, dumps) === textOf(b, dumps)
}
