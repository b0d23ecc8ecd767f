import { faultOfFound } from '../engine/engine-answers.ts'
import { brokenContract, longTexts, reportFailure } from '../engine/engine-calls.ts'
import type { AttributeValue, SessionEngine } from '../engine/engine.ts'
import { InvalidSettingError } from '../errors.ts'
import type { Report } from '../events.ts'
import { kindOf } from '../kind-of.ts'
import { isAttribute } from '../payload/attributes.ts'
import type { ResolvedSettings } from '../settings/settings.ts'

/** A live record that an engine found. */
export interface FoundRecord {
  readonly id: string
  readonly expiresAt: number
}

/** What a search needs. */
interface SearchPort {
  readonly settings: ResolvedSettings
  /** Undefined if a cookie engine keeps the sessions. */
  readonly engine: SessionEngine | undefined
  readonly report: Report
}

/** Finds every live record whose attribute has the given value. */
export async function* findRecords(
  attribute: Readonly<Record<string, AttributeValue>>,
  { settings, engine, report }: SearchPort,
): AsyncGenerator<FoundRecord> {
  if (engine?.find === undefined) {
    throw new InvalidSettingError(
      'engine',
      'cannot find sessions by attribute: use one that can, such as a database engine.',
    )
  }
  const [name, value] = onlyAttribute(attribute, settings)
  try {
    for await (const found of engine.find(name, value)) {
      const fault = faultOfFound(found)
      if (fault !== undefined) throw brokenContract(engine, 'find', fault)
      yield found
    }
  } catch (cause) {
    throw reportFailure({ engine, report, operation: 'find', secrets: longTexts([value]) }, cause)
  }
}

function onlyAttribute(
  attribute: Readonly<Record<string, AttributeValue>>,
  settings: ResolvedSettings,
): [name: string, value: AttributeValue] {
  const entries = Object.entries(attribute ?? {})
  const [entry] = entries
  if (entry === undefined || entries.length > 1) {
    throw new InvalidSettingError(
      'find',
      'takes one attribute with its value, such as `{ userId: 42 }`.',
    )
  }
  if (!Object.hasOwn(settings.attributes ?? {}, entry[0])) {
    throw new InvalidSettingError(
      `attributes.${entry[0]}`,
      'is not set: define it in the settings, as in `attributes: { userId: (data) => data._auth_user_id }`.',
    )
  }
  if (!isAttribute(entry[1])) {
    throw new InvalidSettingError(
      `find.${entry[0]}`,
      `must be a string, a finite number, a boolean or null, not ${describe(entry[1])}.`,
    )
  }
  return entry
}

const describe = (value: unknown): string =>
  typeof value === 'number' ? String(value) : kindOf(value)
