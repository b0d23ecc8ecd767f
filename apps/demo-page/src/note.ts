/** The maximum length of a note, in UTF-16 code units, as `maxlength` counts them. */
export const longestNote = 500

/** The note in a form, truncated if the request bypassed the form's limit. */
export function readNote(field: unknown): string {
  if (typeof field !== 'string') return ''
  return field.replaceAll('\r\n', '\n').trim().slice(0, longestNote)
}
