import type { Notice } from './demo-data.ts'
import type { PageModel } from './page-model.ts'

/** When the session ends, after "expires". */
export function expiryInWords({ age, atBrowserClose }: PageModel): string {
  return atBrowserClose ? 'when the browser closes' : `in ${durationInWords(age)}`
}

/** A date in the one time zone that a server and its visitors are sure to share. */
export function dateInWords(date: Date): string {
  return `${dateFormat.format(date)} UTC`
}

const dateFormat = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
})

/** What the request before this one did. */
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
      return `Key rotated: handle ${notice.rotated} became ${model.handle ?? 'unknown'}. The data moved along.`
  }
}

/** `1209600` → `14 days`. */
function durationInWords(seconds: number): string {
  const [unit, size] = units.find(([, each]) => seconds >= each) ?? ['second', 1]
  const count = Math.round(seconds / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const
