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

/** What `parseArgs` makes of flags. */
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
  it('carry every setting into another process', () => {
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

  it('know a Secure cookie that must not be from one that nobody asked about', () => {
    expect(flagsToSettings(parsed(settingsToFlags({ cookieSecure: false })))).toEqual({
      cookieSecure: false,
    })
    expect(flagsToSettings({ 'cookie-secure': true })).toEqual({ cookieSecure: true })
  })
})

describe('flagsToSettings', () => {
  it('refuses what is no number', () => {
    expect(() => flagsToSettings({ 'cookie-age': 'soon' })).toThrow('--cookie-age takes a number')
    expect(() => flagsToSettings({ 'cookie-age': '' })).toThrow('--cookie-age takes a number')
  })

  it('refuses what is neither true, false nor auto', () => {
    expect(() => flagsToSettings({ 'cookie-secure': 'yes' })).toThrow('true, false or auto')
  })
})

describe('referenceSettings', () => {
  it('puts the settings of the cookie where core expects them, and leaves out what core does not know', () => {
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
