/** Returns the values of every cookie of that name in a Cookie header, in order and undecoded. */
export function cookieValues(header: string, name: string): string[] {
  const values: string[] = []
  const needle = `${name}=`
  let from = header.indexOf(needle)
  while (from !== -1) {
    const start = from + needle.length
    if (!beginsCookie(header, from)) {
      from = header.indexOf(needle, start)
      continue
    }
    const semicolon = header.indexOf(';', start)
    const end = semicolon === -1 ? header.length : semicolon
    values.push(header.slice(start, end).trim())
    from = header.indexOf(needle, end)
  }
  return values
}

/** Whether a cookie's name begins at this position: only white space precedes it, back to a semicolon or the start. */
function beginsCookie(header: string, position: number): boolean {
  let before = position - 1
  while (before >= 0 && (header[before] === ' ' || header[before] === '\t')) before--
  return before < 0 || header[before] === ';'
}
