import type { Platform } from './contract.ts'

/** The machine below: see {@link Platform}. */
export declare const platform: Platform
export type { HashAlgorithm, Platform, SecretKey } from './contract.ts'
