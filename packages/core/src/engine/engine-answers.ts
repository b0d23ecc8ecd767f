import { kindOf } from '../kind-of.ts'
import { isObject } from '../settings/check-options.ts'
import type { Created, Deleted, LoadedRecord, Saved, UnsealedRecord } from './engine.ts'

/**
 * Describes how an answer breaks the engine contract, or returns undefined if it does not. Engines are written by others too,
 * in JavaScript even: a wrong answer must not become an empty session, or a conflict that never was. The description
 * quotes nothing of the answer.
 */
type FaultOf<Answer> = (answer: Answer) => string | undefined

export const faultOfLoaded: FaultOf<LoadedRecord | undefined> = (answer) => {
  if (answer === undefined) return undefined
  if (!isObject(answer)) return `it answered ${kindOf(answer)}: an absent record is undefined`
  return typeof answer.version === 'string'
    ? faultOfRecord(answer)
    : `it answered a record whose version is ${kindOf(answer.version)}`
}

export const faultOfExists: FaultOf<boolean> = (answer) =>
  typeof answer === 'boolean' ? undefined : `it answered ${kindOf(answer)}, and not a boolean`

export const faultOfCreated: FaultOf<Created> = (answer) =>
  isObject(answer) && answer.status === 'taken' ? undefined : faultOfWritten(answer)

export const faultOfSaved: FaultOf<Saved> = (answer) =>
  isObject(answer) && (answer.status === 'missing' || answer.status === 'conflict')
    ? undefined
    : faultOfWritten(answer)

export const faultOfDeleted: FaultOf<Deleted> = (answer) =>
  answer === 'deleted' || answer === 'missing' || answer === 'conflict'
    ? undefined
    : "it answered something else than 'deleted', 'missing' or 'conflict'"

export const faultOfFound: FaultOf<{ readonly id: string; readonly expiresAt: number }> = (found) =>
  isObject(found) && typeof found.id === 'string' && isDeadline(found.expiresAt)
    ? undefined
    : 'it found something without an id or a deadline'

export const faultOfUnsealed: FaultOf<UnsealedRecord | undefined> = (answer) => {
  if (answer === undefined) return undefined
  return isObject(answer)
    ? faultOfRecord(answer)
    : `it answered ${kindOf(answer)}: what does not verify is undefined`
}

/** Control characters apart, of which responses take none: what would end the value in its cookie (RFC 6265, 4.1.1). */
const UNFIT = [';', ',', ' ', '"', '\\', '\r', '\n']

export const faultOfSealed: FaultOf<string> = (answer) => {
  if (typeof answer !== 'string') return `it answered ${kindOf(answer)}, and not a text, at once`
  if (answer === '') return 'it answered an empty text'
  // Half a microsecond less than a regular expression, for a thousand characters.
  return UNFIT.some((each) => answer.includes(each))
    ? 'it answered a text with characters that a cookie cannot hold'
    : undefined
}

function faultOfWritten(answer: { readonly status: string; readonly version?: string }) {
  if (!isObject(answer)) return `it answered ${kindOf(answer)}, and not a status`
  if (answer.status !== 'saved') return 'it answered a status that the contract does not have'
  return typeof answer.version === 'string'
    ? undefined
    : `it answered that it has saved a version which is ${kindOf(answer.version)}`
}

function faultOfRecord({ data, expiresAt }: UnsealedRecord): string | undefined {
  if (typeof data !== 'string') return `it answered a record whose data is ${kindOf(data)}`
  return isDeadline(expiresAt)
    ? undefined
    : `it answered a record whose expiresAt is ${kindOf(expiresAt)}`
}

function isDeadline(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value)
}
