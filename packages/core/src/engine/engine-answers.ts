import { kindOf } from '../kind-of.ts'
import { isObject } from '../check-options.ts'
import type { Created, Deleted, LoadedRecord, Saved, UnsealedRecord } from './engine.ts'

/**
 * Describes how an engine's answer breaks its contract; undefined if it does not. Third-party engines may be untyped: a wrong
 * answer must not turn into an empty session or a spurious conflict. The description quotes nothing of the answer.
 */
type FaultOf<Answer> = (answer: Answer) => string | undefined

export const faultOfLoaded: FaultOf<LoadedRecord | undefined> = (answer) => {
  if (answer === undefined) return undefined
  if (!isObject(answer)) return `it returned ${kindOf(answer)}: an absent record must be undefined`
  return typeof answer.version === 'string'
    ? faultOfRecord(answer)
    : `it returned a record whose version is ${kindOf(answer.version)}, not a string`
}

export const faultOfExists: FaultOf<boolean> = (answer) =>
  typeof answer === 'boolean' ? undefined : `it returned ${kindOf(answer)} instead of a boolean`

export const faultOfCreated: FaultOf<Created> = (answer) =>
  isObject(answer) && answer.status === 'taken' ? undefined : faultOfWritten(answer)

export const faultOfSaved: FaultOf<Saved> = (answer) =>
  isObject(answer) && (answer.status === 'missing' || answer.status === 'conflict')
    ? undefined
    : faultOfWritten(answer)

export const faultOfDeleted: FaultOf<Deleted> = (answer) =>
  answer === 'deleted' || answer === 'missing' || answer === 'conflict'
    ? undefined
    : "it returned something other than 'deleted', 'missing' or 'conflict'"

export const faultOfFound: FaultOf<{ readonly id: string; readonly expiresAt: number }> = (found) =>
  isObject(found) && typeof found.id === 'string' && isDeadline(found.expiresAt)
    ? undefined
    : 'it found a record without an id or a deadline'

export const faultOfUnsealed: FaultOf<UnsealedRecord | undefined> = (answer) => {
  if (answer === undefined) return undefined
  return isObject(answer)
    ? faultOfRecord(answer)
    : `it returned ${kindOf(answer)}: a value that does not verify must be undefined`
}

/** Characters that a cookie's value cannot contain (RFC 6265, section 4.1.1). Servers reject the other control characters. */
const UNFIT = [';', ',', ' ', '"', '\\', '\r', '\n']

export const faultOfSealed: FaultOf<string> = (answer) => {
  if (typeof answer !== 'string') return `it returned ${kindOf(answer)} instead of a string`
  if (answer === '') return 'it returned an empty string'
  // For a thousand characters, half a microsecond faster than a regular expression.
  return UNFIT.some((character) => answer.includes(character))
    ? 'it returned characters that a cookie cannot hold'
    : undefined
}

function faultOfWritten(answer: { readonly status: string; readonly version?: string }) {
  if (!isObject(answer)) return `it returned ${kindOf(answer)} instead of an object with a status`
  if (answer.status !== 'saved') return 'it returned a status that the contract does not have'
  return typeof answer.version === 'string'
    ? undefined
    : `it returned the status 'saved' with a version that is ${kindOf(answer.version)}, not a string`
}

function faultOfRecord({ data, expiresAt }: UnsealedRecord): string | undefined {
  if (typeof data !== 'string')
    return `it returned a record whose data is ${kindOf(data)}, not a string`
  return isDeadline(expiresAt)
    ? undefined
    : 'it returned a record whose expiresAt is not a number of milliseconds'
}

function isDeadline(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value)
}
