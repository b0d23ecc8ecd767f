import { pause } from './pause.ts'
import { deadlineIn, textIn, type Row } from './rows.ts'

/** How many records `find` reads at once. A cursor instead of pages would occupy a connection. */
const PAGE = 500

/**
 * Reads records page by page, in the order of their ids, and yields to the event loop in between: a database in this
 * process would otherwise block it until all are read.
 *
 * @param read Reads at most `limit` records whose ids come after `last`.
 * @param timeIn A row's deadline in epoch milliseconds.
 */
export async function* findPages(
  read: (last: string, limit: number) => readonly Row[] | Promise<readonly Row[]>,
  timeIn: (row: Row) => number = deadlineIn,
): AsyncGenerator<{ readonly id: string; readonly expiresAt: number }> {
  let last = ''
  for (;;) {
    const page = await read(last, PAGE)
    for (const row of page) {
      last = textIn(row, 'id')
      // Where the statement itself does not tell texts apart that the collation considers equal.
      if (Number(row['exact'] ?? 1) === 0) continue
      yield { id: last, expiresAt: timeIn(row) }
    }
    if (page.length < PAGE) return
    await pause()
  }
}
