import type { Dictionary } from '../data.ts'
import type { Attributes, AttributeValue } from '../engine/engine.ts'
import { InvalidSettingError } from '../errors.ts'
import { kindOf } from '../kind-of.ts'
import type { AttributeFunctions } from '../settings/settings.ts'

/** Computes the attributes to store with a session. */
export function computeAttributes(functions: AttributeFunctions, data: Dictionary): Attributes {
  const attributes: Record<string, Attributes[string]> = {}
  for (const [name, compute] of Object.entries(functions)) {
    const value: unknown = callAttribute(name, compute, data) ?? null
    if (!isAttribute(value)) {
      throw new InvalidSettingError(
        `attributes.${name}`,
        'must return a string, a finite number, a boolean, null or undefined, ' +
          `and returned ${typeof value === 'number' ? value : kindOf(value)}.`,
      )
    }
    attributes[name] = value
  }
  return attributes
}

/** Whether a value may be an attribute. */
export function isAttribute(value: unknown): value is AttributeValue {
  if (typeof value === 'number') return Number.isFinite(value)
  return value === null || typeof value === 'string' || typeof value === 'boolean'
}

function callAttribute(
  name: string,
  compute: AttributeFunctions[string],
  data: Dictionary,
): unknown {
  try {
    return compute(data)
  } catch (cause) {
    throw new InvalidSettingError(
      `attributes.${name}`,
      'threw an error: it must return undefined if the data that it needs is absent.',
      { cause },
    )
  }
}
