import { isError } from './is-error.ts'

/** The message of what a driver threw. */
export function messageOf(error: unknown): string {
  return isError(error) ? error.message : ''
}
