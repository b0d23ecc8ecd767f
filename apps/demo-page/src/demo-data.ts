/** What the demo keeps in a session. */
export interface DemoData {
  /** How often the page was opened. */
  views: number
  /** What the visitor wrote down. */
  note: string
  /** What the next page is to say. */
  notice: Notice
}

/** What has just been done; read once, by the page that says it. */
export type Notice =
  | 'note-saved'
  | 'note-deleted'
  | 'lifetime-set'
  | 'cleared'
  | 'logged-out'
  | { readonly rotated: string }
