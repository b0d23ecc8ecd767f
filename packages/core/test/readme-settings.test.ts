import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { InvalidSettingError } from '../src/errors.ts'
import { createSessions } from '../src/manager/sessions.ts'
import { resolveSettings } from '../src/settings/resolve-settings.ts'
import type { Settings } from '../src/settings/settings.ts'
import { mapEngine } from './support/map-engine.ts'

const engine = mapEngine({ now: () => 0 })
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const section = readme.split('\n## ').find((text) => text.startsWith('Settings\n')) ?? ''
/** The columns of each row: the name, the default, what the setting does. */
const rows = [...section.matchAll(/^\| `(.+?)` *\| (.*?) *\| (.*?) *\|/gm)]

/** The names that the error for an unknown setting lists. */
function accepted(settings: object): string[] {
  try {
    createSessions({ engine, ...settings } as Settings)
  } catch (error) {
    if (!(error instanceof InvalidSettingError)) throw error
    return error.message.replace(/^.* valid names are (.*)\.$/, '$1').split(', ')
  }
  throw new Error('It was accepted')
}

/** A default as it appears in the table; undefined if the table describes it in words. */
function written(value: unknown): string | undefined {
  if (value === undefined) return 'none'
  if (typeof value === 'string') return `\`'${value}'\``
  return typeof value === 'boolean' || typeof value === 'number' ? `\`${value}\`` : undefined
}

describe('the table of settings in the README', () => {
  it('names exactly the existing settings', () => {
    const cookie = accepted({ cookie: { unknown: true } }).map((name) => `cookie.${name}`)
    const others = accepted({ unknown: true }).filter((name) => name !== 'cookie')

    expect(rows.map(([, name]) => name).toSorted()).toEqual([...others, ...cookie].toSorted())
  })

  it('says what each of them does', () => {
    expect(rows.filter(([, , , meaning]) => meaning === '')).toEqual([])
  })

  it('has the default of each', () => {
    const { cookie, ...others } = resolveSettings({ engine })
    const ofCookie = Object.entries(cookie).map(
      ([name, value]) => [`cookie.${name}`, value] as const,
    )
    const defaults = [...Object.entries(others), ...ofCookie]
      .map(([name, value]) => [name, written(value)] as const)
      .filter(([, value]) => value !== undefined)

    const inTable = new Map(rows.map(([, name, value]) => [name, value?.replaceAll('_', '')]))
    expect(defaults.map(([name]) => [name, inTable.get(name)])).toEqual(defaults)
  })
})
