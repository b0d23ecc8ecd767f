/** The data of a demo session. */
export interface DemoData {
  /** The number of visits to the page. */
  views: number
  /** The visitor's note. */
  note: string
  /** The message for the next page. */
  notice: Notice
}

/** The operation just performed; the page that shows it removes it. */
export type Notice =
  | 'note-saved'
  | 'note-deleted'
  | 'lifetime-set'
  | 'cleared'
  | 'logged-out'
  | { readonly rotated: string }
