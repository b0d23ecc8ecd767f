import { describe, expect, it } from 'vitest'
import {
  flagsToSettings,
  referenceSettings,
  settingsToFlags,
  type ReferenceFlags,
} from '../src/reference-app.ts'

const everything: ReferenceFlags = {
  cookieName: 'sid',
  cookieAge: 60,
  cookieSecure: 'auto',
  expireAtBrowserClose: true,
  saveEveryRequest: true,
  renewAfter: 0.5,
  absoluteAge: 120,
  rotationGrace: 0,
  eager: true,
}

/** What `parseArgs` returns for these flags. */
function parsed(args: readonly string[]): Record<string, string | boolean> {
  return Object.fromEntries(
    args.flatMap((arg, index) => {
      if (!arg.startsWith('--')) return []
      const next = args[index + 1]
      return [[arg.slice(2), next === undefined || next.startsWith('--') ? true : next]]
    }),
  )
}

describe('settingsToFlags and flagsToSettings', () => {
  it('round-trip every setting', () => {
    const flags = settingsToFlags(everything)

    expect(flags).toContain('--save-every-request')
    expect(flags.join(' ')).toContain('--rotation-grace 0')
    expect(flagsToSettings(parsed(flags))).toEqual(everything)
  })

  it('leave out what is not set', () => {
    expect(settingsToFlags({})).toEqual([])
    expect(settingsToFlags({ eager: false, cookieName: undefined })).toEqual([])
    expect(flagsToSettings({})).toEqual({})
  })

  it('tell cookieSecure: false from an absent one', () => {
    expect(flagsToSettings(parsed(settingsToFlags({ cookieSecure: false })))).toEqual({
      cookieSecure: false,
    })
    expect(flagsToSettings({ 'cookie-secure': true })).toEqual({ cookieSecure: true })
  })
})

describe('flagsToSettings', () => {
  it('throws for a value that is not a number', () => {
    expect(() => flagsToSettings({ 'cookie-age': 'soon' })).toThrow('--cookie-age takes a number')
    expect(() => flagsToSettings({ 'cookie-age': '' })).toThrow('--cookie-age takes a number')
  })

  it('throws for --cookie-secure other than true, false or auto', () => {
    expect(() => flagsToSettings({ 'cookie-secure': 'yes' })).toThrow('true, false or auto')
  })
})

describe('referenceSettings', () => {
  it('nests the settings of the cookie as core expects them, and leaves out eager', () => {
    const engine = {} as Parameters<typeof referenceSettings>[0]

    expect(referenceSettings(engine, everything)).toEqual({
      engine,
      cookie: { name: 'sid', age: 60, secure: 'auto' },
      expireAtBrowserClose: true,
      saveEveryRequest: true,
      renewAfter: 0.5,
      absoluteAge: 120,
      rotationGrace: 0,
    })
  })
})
