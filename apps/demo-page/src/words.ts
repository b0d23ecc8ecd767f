import type { Notice } from './demo-data.ts'
import type { PageModel } from './page-model.ts'

/** Completes "expires …". */
export function expiryInWords({ age, atBrowserClose }: PageModel): string {
  return atBrowserClose ? 'when the browser closes' : `in ${durationInWords(age)}`
}

/** A date in UTC: the server does not know the visitor's time zone. */
export function dateInWords(date: Date): string {
  return `${dateFormat.format(date)} UTC`
}

const dateFormat = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** The message about the operation of the previous request. */
export function noticeInWords(notice: Notice, model: PageModel): string {
  switch (notice) {
    case 'note-saved':
      return 'Note saved.'
    case 'note-deleted':
      return 'Note deleted.'
    case 'lifetime-set':
      return `Lifetime set: the session expires ${expiryInWords(model)}.`
    case 'cleared':
      return 'Cleared: data and lifetime are gone, the key is the same.'
    case 'logged-out':
      return 'Logged out: the old session is deleted. This is a new one, under a new key.'
    default:
      return `Key rotated: handle ${notice.rotated} became ${model.handle ?? 'unknown'}. The data is the same.`
  }
}

/** `1209600` → `14 days`. */
function durationInWords(seconds: number): string {
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? ['second', 1]
  const count = Math.round(seconds / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const
