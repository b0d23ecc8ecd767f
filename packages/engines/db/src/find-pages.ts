/** How many records `find` reads at once: an open cursor would keep a connection. */
const PAGE = 500

/** One column of one row. */
type Row = Readonly<Record<string, unknown>>

/**
 * Reads records page by page, in the order of their ids.
 *
 * @param read Reads so many that come after an id.
 * @param timeOf The epoch milliseconds that a row's deadline says.
 */
export async function* findPages(
  read: (last: string, limit: number) => readonly Row[] | Promise<readonly Row[]>,
  timeOf: (value: unknown) => number = Number,
): AsyncGenerator<{ readonly id: string; readonly expiresAt: number }> {
  let last = ''
  for (;;) {
    const page = await read(last, PAGE)
    for (const row of page) {
      last = String(row['id'])
      yield { id: last, expiresAt: timeOf(row['deadline']) }
    }
    if (page.length < PAGE) return
  }
}
