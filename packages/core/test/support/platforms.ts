import { Buffer } from 'node:buffer'
import type { Platform } from '../../src/platform/contract.ts'
import { platform as node } from '../../src/platform/node.ts'
import { platform as portable } from '../../src/platform/portable.ts'
import { fc } from './fast-check.ts'

/** Each platform with its name and the other platform. */
export const platforms: [name: string, platform: Platform, other: Platform][] = [
  ['node', node, portable],
  ['portable', portable, node],
]

export const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && Buffer.from(bytes).toString('hex')
export const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'))
export const ascii = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'))
export const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

export const bytes = (constraints: { minLength?: number; maxLength?: number } = {}) =>
  fc.uint8Array(constraints)
/** Bytes at any offset within their buffer, as a subarray is. */
export const views = fc
  .tuple(bytes({ maxLength: 300 }), fc.nat(7))
  .map(([data, offset]) => concat(new Uint8Array(offset), data).subarray(offset))
export const anyText = fc.string({ unit: 'binary' })
