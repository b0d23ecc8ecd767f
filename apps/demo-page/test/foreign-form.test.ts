import { describe, expect, it } from 'vitest'
import { isForeignForm } from '../src/index.ts'

const origin = 'http://localhost:3002'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const isForeign = (headers: Record<string, string>, method = 'POST'): boolean =>
  isForeignForm({ method, headers }, origin)

describe('isForeignForm', () => {
  it('accepts a form of the same origin, by either header', () => {
    expect(isForeign({ ...form, origin })).toBe(false)
    expect(isForeign({ ...form, 'sec-fetch-site': 'same-origin' })).toBe(false)
  })

  it('detects a form of another port, of another site, or without either header', () => {
    expect(isForeign({ ...form, origin: 'http://localhost:3001' })).toBe(true)
    expect(isForeign({ ...form, 'sec-fetch-site': 'same-site' })).toBe(true)
    expect(isForeign({ ...form, origin: 'https://elsewhere.example' })).toBe(true)
    expect(isForeign(form)).toBe(true)
  })

  it.each(['multipart/form-data; boundary=x', 'text/plain', 'Application/X-WWW-Form-Urlencoded'])(
    'checks forms of type %s',
    (type) => {
      expect(isForeign({ 'content-type': type })).toBe(true)
    },
  )

  it('checks a body without a content type', () => {
    expect(isForeign({})).toBe(true)
  })

  it('ignores types that need a CORS preflight, and safe methods', () => {
    expect(isForeign({ 'content-type': 'application/json' })).toBe(false)
    expect(isForeign({}, 'GET')).toBe(false)
  })
})
