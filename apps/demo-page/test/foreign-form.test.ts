import { describe, expect, it } from 'vitest'
import { isForeignForm } from '../src/index.ts'

const origin = 'http://localhost:3002'
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const isForeign = (headers: Record<string, string>, method = 'POST'): boolean =>
  isForeignForm({ method, headers }, origin)

describe('isForeignForm', () => {
  it('lets a form of the page itself through, by either header', () => {
    expect(isForeign({ ...form, origin })).toBe(false)
    expect(isForeign({ ...form, 'sec-fetch-site': 'same-origin' })).toBe(false)
  })

  it('finds a form of another port, of another site and of an unknown place', () => {
    expect(isForeign({ ...form, origin: 'http://localhost:3001' })).toBe(true)
    expect(isForeign({ ...form, 'sec-fetch-site': 'same-site' })).toBe(true)
    expect(isForeign({ ...form, origin: 'https://elsewhere.example' })).toBe(true)
    expect(isForeign(form)).toBe(true)
  })

  it.each(['multipart/form-data; boundary=x', 'text/plain', 'Application/X-WWW-Form-Urlencoded'])(
    'looks at %s',
    (type) => {
      expect(isForeign({ 'content-type': type })).toBe(true)
    },
  )

  it('takes a body without a type for one that a form can send', () => {
    expect(isForeign({})).toBe(true)
  })

  it('leaves what a browser asks about first, and what changes nothing', () => {
    expect(isForeign({ 'content-type': 'application/json' })).toBe(false)
    expect(isForeign({}, 'GET')).toBe(false)
  })
})
