/** How long a note may be, in characters as a textarea counts them. */
export const longestNote = 500

/** The note that a form sent, cut where somebody sent more than the form lets through. */
export function readNote(field: unknown): string {
  if (typeof field !== 'string') return ''
  return field.replaceAll('\r\n', '\n').trim().slice(0, longestNote)
}
